"""Every state that a page can be in, as data: rendered in-process, then judged in one browser and by one validator."""
