"""What goes to the terminal: cells that differ from what it shows. Only this place knows how Textual displays."""
