"""Finding rows: what a person may ask for, and the scan that answers."""
