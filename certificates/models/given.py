"""Which files went out, each by its digest: whoever brings one is told that it is ours, to the byte."""

from django.db import models

from .credentials import Credential


class GivenFile(models.Model):
    """A PDF or a badge of a credential as somebody got it. The file itself is not kept here: it can be drawn anew, or is gone."""

    credential = models.ForeignKey(Credential, on_delete=models.PROTECT, related_name="given_files")
    sha256 = models.CharField("SHA-256", max_length=64)
    given_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sha256"], name="a_given_file_is_known_once")]

    def __str__(self) -> str:
        return f"{self.credential}: {self.sha256[:12]}"
