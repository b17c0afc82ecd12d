"""Photos in the report: brought along by whoever runs the workshop, of this workshop alone, and nothing in them but the picture."""

import io

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import ExifTags, Image
from wagtail.models import ModelLogEntry

from lib.refusals import Refusal
from tests import cast
from tests.lib.test_photographs import SECRETS, photograph
from workshops import actions
from workshops.actions.photographing import Drawn, PhotoSpec
from workshops.models import ReportPhoto, ReportText
from workshops.papers import making
from workshops.rules import MOST_PHOTOS

from . import filled

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def workshop(planned):
    return planned


@pytest.fixture
def user(workshop):
    return cast.staff("organiser", cast.province())


@pytest.fixture
def organiser(user):
    return cast.client_of(user)


def page_of(workshop, what=""):
    return f"/quan-tri/tap-huan/{workshop.pk}/bao-cao/{what}"


def picture(colour="teal", name="a.jpg", kind="JPEG", size=(300, 200), **more):
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind, **more)
    return SimpleUploadedFile(name, out.getvalue())


def shown(photo):
    return Image.open(io.BytesIO(bytes(photo.data)))


def added(workshop, user, *names):
    """Rows whose picture is no matter; known by their caption."""
    actions.add_photos(
        workshop=workshop, photos=[Drawn(name.encode(), 3, 2, name) for name in names], by=user, at=cast.NOW
    )
    for one in ReportPhoto.objects.filter(sha256__in=names):
        ReportPhoto.objects.filter(pk=one.pk).update(caption=one.sha256)
    return {one.caption: one for one in ReportPhoto.objects.filter(workshop=workshop)}


def order(workshop):
    return list(workshop.report_photos.values_list("caption", "position"))


class TestBringing:
    def test_several_at_once_are_kept_and_printed_in_both(self, organiser, workshop):
        page = organiser.get(page_of(workshop)).text
        assert 'name="photos"' in page
        assert " multiple" in page
        sent = {
            "photos": [picture("teal", "một.jpg"), picture("navy", "hai.png", "PNG"), picture("red", "ba.webp", "WEBP")]
        }
        assert organiser.post(page_of(workshop), sent).status_code == 302
        page = organiser.get(page_of(workshop)).text
        assert "Đã nhận 3 ảnh." in page
        keys = list(workshop.report_photos.values_list("pk", flat=True))
        assert [page_of(workshop, f"anh/{pk}.jpg") in page for pk in keys] == [True] * 3
        sent = {
            f"anh-{pk}-{name}": value
            for at, pk in enumerate(keys, 1)
            for name, value in (("position", at), ("caption", ""))
        }
        assert organiser.post(page_of(workshop), sent | {f"anh-{keys[1]}-caption": "Toàn cảnh lớp"}).status_code == 302
        document = docx.Document(io.BytesIO(making.report(workshop, "docx").data))
        assert len(document.inline_shapes) == 3
        assert [one._inline.docPr.get("descr") for one in document.inline_shapes] == [
            "Hình 1",
            "Hình 2. Toàn cảnh lớp",
            "Hình 3",
        ]
        text = filled.words_of(making.report(workshop, "pdf").data)
        assert "Phụ lục V HÌNH ẢNH" in text
        assert "Hình 2. Toàn cảnh lớp" in text
        actions_logged = ModelLogEntry.objects.filter(action="workshops.report_photographed")
        assert actions_logged.count() == 2

    def test_nothing_but_the_picture_is_kept_and_it_stands_upright(self, organiser, workshop):
        secret = photograph("JPEG")
        assert any(word in secret for word in SECRETS)
        turned = Image.Exif()
        turned[ExifTags.Base.Orientation] = 6
        sent = [SimpleUploadedFile("a.jpg", secret), picture(exif=turned)]
        assert organiser.post(page_of(workshop), {"photos": sent}).status_code == 302
        first, second = workshop.report_photos.all()
        assert not any(word in bytes(first.data) for word in SECRETS)
        assert not shown(first).getexif()
        assert (shown(second).size, (second.width, second.height)) == ((200, 300), (200, 300))

    def test_a_large_one_is_made_smaller(self, organiser, workshop):
        organiser.post(page_of(workshop), {"photos": [picture(size=(4000, 3000))]})
        assert shown(workshop.report_photos.get()).size == (1200, 900)

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>'),
            ("a.jpg", b"<html><script>alert(1)</script>"),
            ("a.jpg", picture().read()[:400]),
            ("a.png", picture(kind="PNG", size=(8000, 8000)).read()),
            ("a.jpg", b""),
        ],
        ids=["svg", "page", "half", "huge", "empty"],
    )
    def test_what_is_no_whole_picture_is_refused_by_its_name_and_the_others_are_kept(
        self, organiser, workshop, name, content
    ):
        sent = {"photos": [picture(name="tốt.jpg"), SimpleUploadedFile(name, content)], "signer": "Người Ký"}
        answer = organiser.post(page_of(workshop), sent)
        assert answer.status_code == 422
        assert f"Không đọc được “{name}”" in answer.text
        assert "Đã nhận 1 ảnh." in answer.text
        assert workshop.report_photos.count() == 1
        assert 'value="Người Ký"' in answer.text

    def test_too_many_bytes_are_refused_unread(self, organiser, workshop, monkeypatch):
        monkeypatch.setattr("workshops.papers.photographs.LARGEST", 100)
        answer = organiser.post(page_of(workshop), {"photos": [picture(name="lớn.jpg")]})
        assert "“lớn.jpg” lớn quá" in answer.text
        assert not ReportPhoto.objects.exists()

    def test_more_at_once_than_a_report_holds_are_refused_undrawn(self, organiser, workshop, monkeypatch):
        monkeypatch.setattr("workshops.papers.photographs.drawn", lambda upload: pytest.fail("it was drawn"))
        answer = organiser.post(page_of(workshop), {"photos": [picture() for _number in range(MOST_PHOTOS + 1)]})
        assert answer.status_code == 422
        assert f"Mỗi lần chọn nhiều nhất {MOST_PHOTOS} ảnh." in answer.text

    def test_a_second_press_adds_nothing(self, organiser, workshop):
        for _press in range(2):
            assert organiser.post(page_of(workshop), {"photos": [picture(), picture()]}).status_code == 302
        assert workshop.report_photos.count() == 1

    def test_more_than_a_report_holds_are_refused_as_one(self, organiser, workshop, user):
        added(workshop, user, *(f"Ảnh {number}" for number in range(MOST_PHOTOS - 1)))
        with pytest.raises(Refusal, match=f"đang có {MOST_PHOTOS - 1}, anh/chị chọn thêm 2"):
            added(workshop, user, "Một", "Hai")
        answer = organiser.post(page_of(workshop), {"photos": [picture("teal"), picture("navy")]})
        assert answer.status_code == 422
        assert "anh/chị chọn thêm 2" in answer.text
        assert workshop.report_photos.count() == MOST_PHOTOS - 1

    def test_photos_alone_write_no_words_and_words_that_are_wrong_lose_no_photo(self, organiser, workshop):
        assert organiser.post(page_of(workshop), {"photos": [picture("teal")]}).status_code == 302
        assert not ReportText.objects.exists()
        answer = organiser.post(page_of(workshop), {"photos": [picture("navy")], "issued_on": "hôm qua"})
        assert answer.status_code == 422
        assert workshop.report_photos.count() == 2
        assert answer.text.count('type="hidden" name="seen"') == 1
        assert all(page_of(workshop, f"anh/{one.pk}.jpg") in answer.text for one in workshop.report_photos.all())


class TestArranging:
    def test_one_takes_the_place_that_it_is_given_and_another_goes(self, workshop, user):
        there = added(workshop, user, "A", "B", "C", "D")

        def arrange(name, position, **more):
            spec = PhotoSpec(there[name].pk, name, position, **more)
            actions.arrange_photos(workshop=workshop, photos=[spec], by=user, at=cast.NOW)
            there.update({one.caption: one for one in workshop.report_photos.all()})
            return [name for name, _position in order(workshop)]

        assert arrange("A", 3) == ["B", "C", "A", "D"]
        assert arrange("D", 1) == ["D", "B", "C", "A"]
        assert arrange("B", 2, gone=True) == ["D", "C", "A"]
        assert [position for _name, position in order(workshop)] == [1, 2, 3]

    def test_by_the_page(self, organiser, workshop, user):
        there = added(workshop, user, "A", "B")
        sent = {
            f"anh-{there['A'].pk}-position": "1", f"anh-{there['A'].pk}-caption": "Khai mạc", f"anh-{there['A'].pk}-gone": "",
            f"anh-{there['B'].pk}-position": "2", f"anh-{there['B'].pk}-caption": "B", f"anh-{there['B'].pk}-gone": "on",
        }  # fmt: skip
        assert organiser.post(page_of(workshop), sent).status_code == 302
        assert order(workshop) == [("Khai mạc", 1)]

    def test_a_place_that_is_none_is_said_and_what_was_typed_is_kept(self, organiser, workshop, user):
        there = added(workshop, user, "A")
        prefix = f"anh-{there['A'].pk}"
        answer = organiser.post(page_of(workshop), {f"{prefix}-position": "đầu", f"{prefix}-caption": "Khai mạc"})
        assert answer.status_code == 422
        assert 'value="Khai mạc"' in answer.text
        assert order(workshop) == [("A", 1)]


class TestScope:
    def test_the_form_takes_photos_of_this_workshop_alone(self, organiser, workshop, user):
        other = cast.workshop(cast.course(lessons=0, slug="khac", title="Khác"), slug="lop-khac")
        there = added(other, user, "Của lớp khác")["Của lớp khác"]
        assert f"anh/{there.pk}.jpg" not in organiser.get(page_of(workshop)).text
        organiser.post(
            page_of(workshop),
            {f"anh-{there.pk}-position": "1", f"anh-{there.pk}-caption": "", f"anh-{there.pk}-gone": "on"},
        )
        actions.arrange_photos(workshop=workshop, photos=[PhotoSpec(there.pk, "", 1, gone=True)], by=user, at=cast.NOW)
        assert order(other) == [("Của lớp khác", 1)]
        assert organiser.get(page_of(workshop, f"anh/{there.pk}.jpg")).status_code == 404
        assert organiser.get(page_of(other, f"anh/{there.pk}.jpg")).status_code == 200

    def test_whoever_runs_another_provinces_workshops_sees_none(self, workshop, user):
        there = added(workshop, user, "A")["A"]
        other = cast.client_of(cast.staff("organiser", cast.province("Lào Cai"), phone="0987654322"))
        assert other.get(page_of(workshop, f"anh/{there.pk}.jpg")).status_code == 404
        assert other.post(page_of(workshop), {"photos": [picture()]}).status_code == 404
        assert workshop.report_photos.count() == 1

    def test_is_given_as_a_picture_that_no_shared_store_keeps(self, organiser, workshop, user):
        there = added(workshop, user, "A")["A"]
        answer = organiser.get(page_of(workshop, f"anh/{there.pk}.jpg"))
        assert answer["Content-Type"] == "image/jpeg"
        assert "no-store" in answer["Cache-Control"]
        assert answer["X-Content-Type-Options"] == "nosniff"

    def test_the_sites_own_pictures_stay_shut(self, organiser):
        assert organiser.get("/quan-tri/images/").status_code != 200
