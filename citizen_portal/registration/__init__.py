"""The press: what a registration is, its reference, its deadlines, and the one transaction that keeps it."""
