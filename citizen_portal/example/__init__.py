"""The example municipality: an intake that a supplier can read, and the demo that starts everything."""
