"""People's own doors: a file for each of what they come for."""
