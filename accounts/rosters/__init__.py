"""A list of people as offices write it, whatever for: its columns, its rows, whom each means, and what has to be decided first."""
