"""What the portal costs: each figure a ratio within one run, against a baseline that runs beside it (`make bench`)."""
