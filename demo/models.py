"""The demo phone: text messages that a real phone would have received."""

from django.db import models


class PhoneMessage(models.Model):
    to = models.CharField(max_length=16)
    body = models.TextField()
    received_at = models.DateTimeField()

    class Meta:
        ordering = ["-received_at"]

    def __str__(self) -> str:
        return f"{self.to} {self.received_at:%H:%M}"
