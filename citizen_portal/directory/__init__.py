"""The 342 municipalities: who they are, what the operator says about each, and which one an address lies in."""
