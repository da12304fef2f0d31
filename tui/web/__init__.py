"""The screen in a browser: a web server that only lets in who has its address, and a process for each open page."""
