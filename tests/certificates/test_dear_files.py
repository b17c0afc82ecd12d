"""Small files that would keep a machine busy for minutes, or take all its memory: an office's papers and scans are read within bounds."""

import io

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from certificates.office import forms, taking
from tests import cast
from tests.forking import where_processes_fork

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.once,
    where_processes_fork,
]
WORDS, AREAS = b"(abcdefgh) Tj\n", b"0 0 m 842 595 l 842 0 l 0 595 l f*\n"


def page_of(drawn: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(842, 595))
        pdf.pages[0].Contents = pdf.make_stream(b"BT /F 9 Tf\n" + drawn + b"ET\n" if drawn.startswith(WORDS) else drawn)
        pdf.save(out, compress_streams=True)
    return out.getvalue()


@pytest.fixture
def officer():
    return cast.staff("organiser", cast.province())


def test_a_page_of_endless_words_is_refused_in_time(officer, monkeypatch):
    monkeypatch.setattr(taking, "SECONDS", 0.3)
    data = page_of(WORDS * 400_000)
    assert len(data) < 50_000

    said = cast.client_of(officer).post("/quan-tri/giay/ky-so/", {"signed": [SimpleUploadedFile("a.pdf", data)]}).text

    assert "Chưa nhận 1 tệp" in said


def test_a_scan_of_endless_areas_is_refused_in_time(officer, monkeypatch):
    monkeypatch.setattr(forms, "SECONDS", 0.5)
    scan = SimpleUploadedFile("quet.pdf", page_of(AREAS * 60_000))
    form = forms.OnPaperForm({"signed_on": "20/11/2026"}, {"scan": scan})

    assert "Không đọc được bản quét này" in str(form.errors)
