"""What the fields of a row mean: one module a format (see `format`), `detect` to tell which, `reading` to read any."""
