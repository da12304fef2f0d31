"""What the fields of a row mean: one module a format, each with `NAME`, `recognise`, `pair` and `pairs`."""
