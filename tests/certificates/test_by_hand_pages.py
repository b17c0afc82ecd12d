"""A workshop's list in the admin: what is shown before anything is written, and how one goes back to put it right."""

import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from certificates import actions, by_hand
from certificates.models import Batch, Credential, WorkshopList
from lib import sheets
from tests import cast

from .test_by_hand import HERE, NEW

LISTS = f"{NEW}da-cap/"

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(autouse=True)
def private(settings, tmp_path):
    settings.VAR_DIR = tmp_path


@pytest.fixture
def award():
    return cast.award(cast.course(lessons=2, with_quiz=True))


@pytest.fixture
def desk():
    return cast.client_of(cast.staff("organiser", cast.province()))


def said_of(award, **fields):
    return {
        "award": award.pk, "began_on": "2026-11-10", "ended_on": "2026-11-11", "reason": "Lớp ở xã", "agreed": "on",
        "rows": f"Lê Ba\t1980\t\t\t{HERE}", "scan": SimpleUploadedFile("ds ký.pdf", "%PDF-1.7 ký tên".encode()),
    } | fields  # fmt: skip


def test_numbers_are_shown_before_enough_to_compare_them_and_too_little_to_call(award, desk):
    cast.person("Trần Thị Út")
    rows = f"Lê Ba\t1980\t0912345678\t\t{HERE}\nTrần Thị Út\t\t0912000111\t\t{HERE}"
    page = desk.get(desk.post(NEW, said_of(award, rows=rows)).url).text
    assert page.count("09•• ••• 678") == page.count("09•• ••• 111") == 1
    assert "0912" not in page


def test_who_goes_back_to_put_something_right_finds_what_was_said_but_the_scan(award, desk):
    rows = f'Họ tên\tNăm sinh\tSĐT\tĐơn vị\tXã\nLê Ba\t19x0\t0912345678\tHTX Tôm, cua, cá, mắm, khô, ruốc\t{HERE}\nLê Tư\t\t\t"\t"'
    said = said_of(award, rows=rows, decision="12/QĐ", duration="4 buổi")
    link = re.search(r'href="([^"]+\?tu=[^"]+)"', desk.get(desk.post(NEW, said).url).text)[1]
    page = desk.get(link)
    assert "Riêng bản quét “ds_ký.pdf” thì phải chọn lại" in page.text
    form = page.context["form"]
    again = {name: form[name].value() for name in ("award", "began_on", "ended_on", "decision", "reason", "duration")}
    assert again == {name: said[name] for name in again}
    first, second = by_hand.read(form["rows"].value().encode(), "")
    assert (first.born, first.phone, first.unit) == ("19x0", "0912345678", "HTX Tôm, cua, cá, mắm, khô, ruốc")
    assert (second.name, second.unit, second.place) == ("Lê Tư", first.unit, HERE)
    assert desk.post(link, said | {"rows": form["rows"].value(), "scan": ""}).status_code == 302


@pytest.mark.parametrize(
    "end", [lambda award: award.delete(), lambda award: type(award).objects.update(is_active=False)]
)
def test_an_award_that_ended_since_it_was_looked_at_is_said_and_the_list_comes_back(award, desk, end):
    plan = desk.post(NEW, said_of(award)).url
    seen = desk.get(plan).text.split('name="seen" value="')[1].split('"')[0]
    end(award)
    for answer in (desk.get(plan, follow=True), desk.post(plan, {"seen": seen}, follow=True)):
        assert "nay không còn cấp giấy chứng nhận" in answer.text
        assert "Lê Ba" in answer.text
    assert not WorkshopList.objects.exists()


def test_of_a_foreign_list_nothing_comes_back(award, desk):
    preview = desk.post(NEW, said_of(award)).url
    other = cast.client_of(cast.staff("organiser", cast.province("Lào Cai"), "0987654322"))
    page = other.get(f"{NEW}?tu={preview.removeprefix(NEW).strip('/')}").text
    assert "không còn được giữ" in page
    assert "Lê Ba" not in page


@pytest.mark.parametrize(
    ("typed", "printed"),
    [({}, "2 ngày"), ({"duration": "4 buổi"}, "4 buổi"), ({"began_on": "2026-11-11"}, "1 ngày")],
)
def test_how_long_it_was_is_shown_before_and_kept_and_without_a_word_it_is_the_days(award, desk, typed, printed):
    preview = desk.post(NEW, said_of(award, **typed)).url
    page = desk.get(preview).text
    assert f"<dd>{printed}</dd>" in page
    desk.post(preview, {"seen": page.split('name="seen" value="')[1].split('"')[0]})
    assert WorkshopList.objects.get().duration == printed


def test_who_issued_a_list_lands_on_its_papers_alone_and_prints_them_in_one_go(
    award, desk, django_capture_on_commit_callbacks
):
    other = cast.trainee("Lê Khác").person
    cast.finish(cast.enrolment(other, award.course))
    actions.issue_missing(at=cast.NOW)
    preview = desk.post(NEW, said_of(award)).url
    seen = desk.get(preview).text.split('name="seen" value="')[1].split('"')[0]
    with django_capture_on_commit_callbacks(execute=True):
        landed = desk.post(preview, {"seen": seen}).url
    page = desk.get(landed)
    assert Credential.objects.get(person__name="Lê Ba").number in page.text
    assert other.credentials.get().number not in page.text
    batch = {"token": page.context["form"]["token"].value(), "layout": "a4"}
    assert desk.post(landed, batch).url == f"/quan-tri/in-hang-loat/{Batch.objects.get().pk}/"
    assert [entry.enrolment.person.name for entry in Batch.objects.get().entries.all()] == ["Lê Ba"]
    assert "đã có trong" not in page.text
    again = desk.get(landed).text
    assert "đã có trong" in again
    assert f"/quan-tri/in-hang-loat/{Batch.objects.get().pk}/" in again
    stranger = cast.client_of(cast.staff("organiser", cast.province(), "0987654322"))
    assert stranger.get(landed).status_code == 404


def a_sheet(*rows) -> bytes:
    output = io.BytesIO()
    sheets.write_tables(
        output, [sheets.Table("Danh sách", [(head, 9) for head in by_hand.reading.WRITTEN], rows)], moments=""
    )
    return output.getvalue()


def links_of(page: str) -> list[str]:
    """To the fields, from the summary on top."""
    return re.findall(r'href="#(\w+)"', page.split("autofocus")[1].split("</div>", maxsplit=1)[0])


def test_a_form_that_comes_back_says_on_top_what_is_missing_and_leads_there(award, desk):
    answer = desk.post(NEW, said_of(award, scan="", reason=""))
    assert answer.status_code == 422
    assert links_of(answer.text) == ["id_decision", "id_reason"]
    assert answer.text.index("autofocus") < answer.text.index('id="id_award"')
    assert all(f'id="{at}"' in answer.text for at in links_of(answer.text))
    assert "autofocus" not in desk.get(NEW).text


def test_the_list_of_a_file_that_was_read_needs_not_be_chosen_again(award, desk, tmp_path):
    rows = [["Lê Ba", 1980, "0912345678", "HTX Tôm, cua", HERE], ["Lê Tư", "19x0", "", '"', '"']]
    file = SimpleUploadedFile("ds lớp.xlsx", a_sheet(*rows))
    answer = desk.post(NEW, said_of(award, rows="", file=file, reason=""))
    assert "Danh sách trong tệp “ds lớp.xlsx” đã nằm sẵn" in answer.text
    assert "Riêng bản quét “ds_ký.pdf” thì phải chọn lại" in answer.text
    kept = answer.context["form"]["rows"].value()
    assert [(one.name, one.born, one.unit) for one in by_hand.read(kept.encode(), "")] == [
        ("Lê Ba", "1980", "HTX Tôm, cua"),
        ("Lê Tư", "19x0", "HTX Tôm, cua"),
    ]
    assert not list(tmp_path.rglob("*.*"))
    assert desk.post(NEW, said_of(award, rows=kept)).status_code == 302


def test_of_a_file_that_cannot_be_read_nothing_is_said_to_be_kept(award, desk):
    answer = desk.post(NEW, said_of(award, rows="", file=SimpleUploadedFile("ds.xlsx", b"PK none")))
    assert "id_file" in links_of(answer.text)
    assert "đã nằm sẵn" not in answer.text


def test_what_may_be_given_in_two_ways_is_marked_as_such(desk):
    page = desk.get(NEW).text
    for legend, names in (("Danh sách", ("file", "rows")), ("Căn cứ", ("decision", "scan"))):
        group = page.split(f"<legend>{legend}: điền một trong hai</legend>")[1].split("</fieldset>")[0]
        assert [name for name in ("award", "file", "rows", "decision", "scan") if f'name="{name}"' in group] == list(
            names
        )


def test_the_sample_can_be_filled_in_and_its_examples_are_nobody(desk):
    assert f"{NEW}mau/" in desk.get(NEW).text
    answer = desk.get(f"{NEW}mau/")
    assert "mau-danh-sach-cap-giay.xlsx" in answer["Content-Disposition"]
    data = b"".join(answer.streaming_content)
    with pytest.raises(by_hand.UnreadableListError, match="trống"):
        by_hand.read(data, "mau.xlsx")
    book = load_workbook(io.BytesIO(data))
    for row in list(book["Ví dụ"].values)[1:]:
        book["Danh sách"].append(row)
    filled = io.BytesIO()
    book.save(filled)
    first, second = by_hand.read(filled.getvalue(), "mau.xlsx")
    assert (first.born, first.phone, first.unit) == ("1975", "0912 345 678", "HTX Tôm khô Mẫu")
    assert (second.name, second.born, second.place) == ("Trần Văn Thử", "1980", first.place)


@pytest.fixture
def issued(award, desk, django_capture_on_commit_callbacks):
    """The address of a list's page after it was confirmed."""
    preview = desk.post(NEW, said_of(award)).url
    seen = desk.get(preview).text.split('name="seen" value="')[1].split('"')[0]
    with django_capture_on_commit_callbacks(execute=True):
        return desk.post(preview, {"seen": seen}).url


def test_a_list_is_found_again_from_the_form_the_register_and_each_of_its_papers(issued, desk):
    assert f'href="{LISTS}"' in desk.get(NEW).text
    assert f'href="{LISTS}"' in desk.get("/quan-tri/credential/").text
    assert f'href="{issued}"' in desk.get(LISTS).text
    paper = f"/quan-tri/credential/inspect/{Credential.objects.get().pk}/"
    assert f'href="{issued}"' in desk.get(paper).text
    colleague = cast.client_of(cast.staff("organiser", cast.province(), "0987654322"))
    for page in (LISTS, paper):
        assert f'href="{issued}"' not in colleague.get(page).text
    assert colleague.get(paper).status_code == 200


def test_lists_stand_the_newest_first_and_by_pages(issued, desk, monkeypatch):
    made = WorkshopList.objects.get()
    for number in range(1, 4):
        made.pk, made.token, made.reason = None, f"t{number}", f"Lớp số {number}"
        made.issued_at += timedelta(hours=1)
        made.save()
    monkeypatch.setattr("certificates.admin_lists.SHOWN", 3)
    first, second = desk.get(LISTS).text, desk.get(LISTS, {"p": 2}).text
    assert re.findall(r"Lớp số \d", first) == ["Lớp số 3", "Lớp số 2", "Lớp số 1"]
    assert 'href="?p=2"' in first
    assert f'href="{issued}"' not in first
    assert f'href="{issued}"' in second


@pytest.mark.parametrize("which", ["form", "plan", "issued"])
def test_the_name_of_a_page_is_read_once(award, desk, issued, which):
    page = {"form": NEW, "plan": desk.post(NEW, said_of(award)).url, "issued": issued}[which]
    assert '<h2 class="w-h1"' not in desk.get(page).text
