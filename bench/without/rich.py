"""Not here: only tools of the tests bring it, and structlog would load it (memory, start). On the path of what is
measured, so that it is what an installed portal is."""

raise ImportError(__doc__)
