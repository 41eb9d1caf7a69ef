"""What comes back from municipalities: signed events in, one honest set of facts out."""
