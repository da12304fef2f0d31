"""The command line's commands, one file each; imported only when they are called."""
