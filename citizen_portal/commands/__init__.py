"""Groups of commands that are too long for `cli.py`."""
