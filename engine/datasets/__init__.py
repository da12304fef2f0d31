"""Datasets of the hub: which of their files hold rows, and bringing those into a workspace."""
