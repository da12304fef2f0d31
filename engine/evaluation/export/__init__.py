"""A batch as a file for others: JSON lines, CSV, Markdown, or one HTML page."""
