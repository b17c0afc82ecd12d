"""A workshop is closed: who was there enough has completed it, and perhaps the course and its certificate with it."""
