"""Messages to residents who chose to get them: what one is, and the ways on which it goes out."""
