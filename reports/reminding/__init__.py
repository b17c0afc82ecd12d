"""Bulk reminders by text message, from the list of a week (docs/decisions/0032-reminders-and-regular-reports.md)."""
