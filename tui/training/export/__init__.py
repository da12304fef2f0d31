"""The chart as a picture in a file, and its numbers as a table."""
