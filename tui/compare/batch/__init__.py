"""Comparing over many rows: the table of a batch, what it shows, and the batches there were."""
