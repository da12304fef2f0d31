"""Servers of base and tuned models, and the environment that they run in."""
