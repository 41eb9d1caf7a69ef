"""To the municipality: what is sent, when it is tried again, and what an answer means. Knows nothing of questions."""
