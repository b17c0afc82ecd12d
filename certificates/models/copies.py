"""What an office signed: the file that is then given out instead of ours, and the mark that the paper was signed by hand."""

import hashlib

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.utils.translation import gettext_lazy as _

from .credentials import Credential
from .keys import SigningKey


class CopyKind(models.TextChoices):
    SIGNED = "signed", _("tệp đã ký số")
    PAPER = "paper", _("bản giấy đã ký, đóng dấu")


def private() -> Storage:
    """No address leads there; see elearning/settings.py."""
    return storages["certificates"]


class SignedCopyQuerySet(models.QuerySet["SignedCopy"]):
    def given_out(self) -> "SignedCopyQuerySet":
        """Signed files that holders get: not those with what a disowned key stated, which no phone believes."""
        disowned = SigningKey.objects.exclude(disowned_at=None)
        return self.filter(kind=CopyKind.SIGNED).exclude(statement_kid__in=disowned.values("kid"))


class SignedCopy(models.Model):
    """One of each kind a credential. Of paper the file is a scan, and may be missing."""

    credential = models.ForeignKey(Credential, on_delete=models.PROTECT, related_name="copies")
    kind = models.CharField(_("loại"), max_length=6, choices=CopyKind)
    file = models.CharField(
        _("tệp"), max_length=100, blank=True
    )  # its name in `private`: no field that knows an address
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    # Which key stated what the file says of itself; none where it went out before its issuer had a key.
    statement_kid = models.CharField(max_length=8, blank=True)
    signers = models.CharField(_("người ký"), max_length=300, blank=True)
    signed_at = models.DateTimeField(_("ký lúc"))
    uploaded_at = models.DateTimeField(_("tải lên lúc"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("người tải lên"),
    )

    objects = SignedCopyQuerySet.as_manager()

    class Meta:
        verbose_name = _("bản đã ký")
        verbose_name_plural = _("bản đã ký")
        constraints = [models.UniqueConstraint(fields=["credential", "kind"], name="one_copy_of_a_kind")]

    def content(self) -> bytes:
        """Raises OSError where the file is gone."""
        with private().open(self.file, "rb") as kept:
            return bytes(kept.read())

    def is_kept(self) -> bool:
        """Its file is there, and the one that was brought."""
        try:
            return hashlib.sha256(self.content()).hexdigest() == self.sha256
        except OSError:
            return False

    def __str__(self) -> str:
        return f"{self.credential}: {self.get_kind_display()}"


def violations() -> list[str]:
    """A file that is given out is there, and is the one that was looked at when it was brought."""
    found = []
    for copy in SignedCopy.objects.exclude(file="").iterator():
        try:
            is_same = hashlib.sha256(copy.content()).hexdigest() == copy.sha256
        except OSError:
            found.append(f"signed copy {copy.pk}: its file is missing")
            continue
        if not is_same:
            found.append(f"signed copy {copy.pk}: its file is another one")
    return found
