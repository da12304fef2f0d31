"""Themes and shared stylesheet of the screen; nothing here imports anything of ours."""
