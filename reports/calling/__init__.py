"""Whom to call this week: of each commune at most ten people and subjects, why, and what came of it."""
