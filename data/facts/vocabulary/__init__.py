"""Word lists: which words are empty, equal, opposite, or members of one closed class."""
