"""The training methods: what each is and needs (`registry`), and how the worker builds it (`building`)."""
