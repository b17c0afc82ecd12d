"""What an office brings back, and what was said to it."""

import io
import zipfile

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile

from certificates.models import Credential, SignedCopy
from certificates.models.copies import private
from certificates.office import taking
from tests import cast


def bring(*files: bytes | tuple[str, bytes], by):
    named = [one if isinstance(one, tuple) else ("a.pdf", one) for one in files]
    uploads = [SimpleUploadedFile(name, data) for name, data in named]
    return taking.take(uploads, among=Credential.objects.all(), by=by, at=cast.NOW)


def zipped(*files: tuple[str, bytes], kind: int = zipfile.ZIP_DEFLATED) -> tuple[str, bytes]:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", kind) as packed:
        for name, data in files:
            packed.writestr(name, data)
    return "ky.zip", kept.getvalue()


def refusals(outcomes) -> list[str]:
    assert all(one.refused for one in outcomes)
    assert not SignedCopy.objects.exists()
    assert not private().exists("signed") or private().listdir("signed")[1] == []
    return [one.refused for one in outcomes]


def rewritten(data: bytes, change=lambda pdf: None) -> bytes:
    kept = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        change(pdf)
        pdf.save(kept)
    return kept.getvalue()
