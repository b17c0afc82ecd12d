"""Materials and photos come with the forms of a workshop."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from tests import cast
from workshops.models import Material, Speaker

from .test_planning_pages import ROOM, planned, sent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.VAR_DIR = tmp_path


@pytest.fixture
def client(organiser):
    return cast.client_of(organiser)


def paper(name="bai.pdf", data=b"%PDF-1.7 bai"):
    return SimpleUploadedFile(name, data)


def portrait():
    out = io.BytesIO()
    Image.new("RGB", (60, 80), "navy").save(out, "PNG")
    return SimpleUploadedFile("anh.png", out.getvalue())


class TestMaterials:
    def test_a_file_becomes_a_document_of_whoever_sent_it(self, client, organiser):
        planned(client, **{"materials-0-title": "Bài trình bày", "materials-0-upload": paper()})
        found = Material.objects.get().document
        assert (found.title, found.uploaded_by_user, found.file.read()) == ("Bài trình bày", organiser, b"%PDF-1.7 bai")

    def test_another_takes_its_place(self, client):
        made = planned(client, **{"materials-0-title": "Bài trình bày", "materials-0-upload": paper()})
        first = Material.objects.get()
        said = {
            "materials-TOTAL_FORMS": "1", "materials-INITIAL_FORMS": "1", "materials-0-pk": first.pk, "materials-0-session": "1",
            "materials-0-title": "Bài trình bày", "materials-0-document": first.document_id, "materials-0-upload": paper(data=b"%PDF-1.7 hai"),
        }  # fmt: skip
        assert client.post(f"{ROOM}{made.pk}/tai-lieu/", said).status_code == 302
        assert Material.objects.get().document.file.read() == b"%PDF-1.7 hai"

    def test_a_second_press_brings_no_second_one(self, client):
        made = planned(client)
        for _press in range(2):
            said = {
                "materials-TOTAL_FORMS": "1", "materials-INITIAL_FORMS": "0", "materials-0-session": "1",
                "materials-0-title": "Bài  trình bày", "materials-0-upload": paper(),
            }  # fmt: skip
            assert client.post(f"{ROOM}{made.pk}/tai-lieu/", said).status_code == 302
        assert (Material.objects.get().title, get_document_model().objects.count()) == ("Bài trình bày", 1)

    def test_another_file_of_the_same_name_is_another_one(self, client):
        made = planned(client, **{"materials-0-title": "Bài trình bày", "materials-0-upload": paper()})
        said = {
            "materials-TOTAL_FORMS": "1", "materials-INITIAL_FORMS": "0", "materials-0-session": "1",
            "materials-0-title": "Bài trình bày", "materials-0-upload": paper(data=b"%PDF-1.7 hai"),
        }  # fmt: skip
        assert client.post(f"{ROOM}{made.pk}/tai-lieu/", said).status_code == 302
        files = {one.document.file.read() for one in Material.objects.all()}
        assert files == {b"%PDF-1.7 bai", b"%PDF-1.7 hai"}

    @pytest.mark.parametrize(
        ("more", "words"),
        [
            ({"materials-0-upload": paper("bai.exe")}, "exe"),
            ({"materials-0-upload": paper(), "materials-0-link": "https://example.org/"}, "Chọn một tệp"),
            ({}, "Chọn một tệp"),
        ],
    )
    def test_what_is_no_material_is_refused(self, client, more, words):
        answer = client.post(ROOM + "lap/", sent(**{"materials-0-title": "Bài"} | more))
        assert answer.status_code == 422
        assert words in answer.text
        assert not get_document_model().objects.exists()

    def test_nor_is_what_is_too_large(self, client, settings):
        settings.WAGTAILDOCS_MAX_UPLOAD_SIZE = 1024**2
        more = {"materials-0-title": "Bài", "materials-0-upload": paper(data=b"x" * (1024**2 + 1))}
        assert "nhiều nhất 1 MB" in client.post(ROOM + "lap/", sent(**more)).text


class TestPhotos:
    def test_a_photo_stands_by_its_speaker_and_stays_when_the_form_brings_none(self, client):
        made = planned(client, **{"speakers-0-name": "Báo Cáo Mẫu", "speakers-0-photo": portrait()})
        one = Speaker.objects.get()
        assert one.photo.title == "Báo Cáo Mẫu"
        said = {f"{kind}-{what}_FORMS": "0" for kind in ("agenda", "speakers") for what in ("TOTAL", "INITIAL")}
        said |= {
            "speakers-TOTAL_FORMS": "1", "speakers-INITIAL_FORMS": "1", "speakers-0-pk": one.pk, "speakers-0-name": "Báo Cáo Khác",
        }  # fmt: skip
        assert client.post(f"{ROOM}{made.pk}/chuong-trinh/", said).status_code == 302
        one.refresh_from_db()
        assert (one.name, one.photo is not None) == ("Báo Cáo Khác", True)

    def test_a_second_press_brings_no_second_picture(self, client):
        made = planned(client)
        for _press in range(2):
            said = {f"{kind}-{what}_FORMS": "0" for kind in ("agenda", "speakers") for what in ("TOTAL", "INITIAL")}
            said |= {
                "speakers-TOTAL_FORMS": "1",
                "speakers-0-name": "Báo Cáo Mẫu",
                "speakers-0-photo": portrait(),
            }
            assert client.post(f"{ROOM}{made.pk}/chuong-trinh/", said).status_code == 302
        assert Speaker.objects.get().photo == get_image_model().objects.get()

    def test_what_is_no_picture_is_refused(self, client):
        broken = SimpleUploadedFile("anh.png", b"\x89PNG")
        answer = client.post(ROOM + "lap/", sent(**{"speakers-0-name": "Báo Cáo Mẫu", "speakers-0-photo": broken}))
        assert answer.status_code == 422
        assert not Speaker.objects.exists()
