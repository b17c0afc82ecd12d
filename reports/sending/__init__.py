"""Reports that colleagues get regularly, and whether they went out (docs/decisions/0032-reminders-and-regular-reports.md)."""
