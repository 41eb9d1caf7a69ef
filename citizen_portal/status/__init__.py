"""What hangs on a status link: the page, its proof and calendar, and what a resident may still do."""
