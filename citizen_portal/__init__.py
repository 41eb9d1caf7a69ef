"""The citizen's side of the pause button."""
