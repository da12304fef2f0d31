"""Training runs: the job file, the worker process, and what a run leaves behind."""
