"""The demo: the whole loop on the bundled model and dataset."""
