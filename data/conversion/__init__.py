"""Turning a dataset file into another format or kind of file, with what gets lost named before anything is written."""
