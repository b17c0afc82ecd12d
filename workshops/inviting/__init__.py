"""Whom communes send within their quota, and what delegates are told: invitations, reminders, changes."""
