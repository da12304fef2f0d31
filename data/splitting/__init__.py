"""Splitting a dataset by fact, and measuring what two files have in common."""
