"""Models: the embedded one, local directories and hub ids, all resolved to a directory that can be loaded."""
