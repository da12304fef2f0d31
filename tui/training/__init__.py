"""The training pane: the form of a new run, and the monitor of the runs there are."""
