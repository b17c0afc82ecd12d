"""/diem-danh/: the desk without a script: its code, search without diacritics, one tap, walk-ins and who comes instead."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from tests import cast
from workshops import actions
from workshops.models import Attendance, Registration, RegistrationState, Scan, Session, Workshop

from .conftest import main
from .desks import DOOR

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("_at_the_door")]


@pytest.fixture
def phone(here):
    client = Client()
    client.post("/diem-danh/", {"code": here.code})
    return client


def names(response):
    found = main(response).partition("people--door")[2]
    return [name for name in ("Nguyễn Văn Út", "Lâm Thị Út", "Đỗ Hữu Đức") if name in found]


def present():
    rows = Attendance.objects.filter(taken_back_at=None)
    return sorted(rows.values_list("registration__person__name", flat=True))


def tap(phone, here, held, **more):
    said = {"session": here.session.pk, "number": held.number, "nonce": "", "kind": ""} | more
    return phone.post("/diem-danh/ban/ghi/", said, follow=True)


def test_the_code_opens_the_desk_as_people_type_it(here):
    phone = Client()
    typed = f" {here.code[:5].lower()} {here.code[5:].lower()} "
    answer = phone.post("/diem-danh/", {"code": typed}, follow=True)
    assert answer.redirect_chain == [("/diem-danh/ban/", 302)]
    assert "Bàn 1" in main(answer)
    cookie = phone.cookies["desk"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 3 * 3600 + 50 * 60)
    assert here.code not in cookie.value


def test_a_wrong_code_opens_nothing_and_keeps_what_was_typed(here):
    answer = Client().post("/diem-danh/", {"code": "AAAAA22222"})
    assert answer.status_code == 422
    assert "Mã bàn chưa đúng" in answer.text
    assert "AAAAA22222" in answer.text
    assert "desk" not in answer.cookies


def test_codes_cannot_be_tried_by_the_thousand_and_right_ones_cost_nothing(here, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"open_desk": "2/10m/ip"}
    for _again in range(4):
        assert Client().post("/diem-danh/", {"code": here.code}).status_code == 302
    assert [Client().post("/diem-danh/", {"code": "AAAAA22222"}).status_code for _try in range(3)] == [422, 422, 429]


@pytest.mark.parametrize("how", ["ended", "over", "closed"])
def test_a_desk_that_holds_no_longer_leads_to_its_door(here, phone, how):
    if how == "ended":
        actions.end_desk(desk=here.desk, by=None, at=DOOR)
    if how == "closed":
        here.workshop.closed_at = DOOR
        here.workshop.save()
    with cast.on(DOOR + timedelta(hours=4 if how == "over" else 0)):
        assert phone.get("/diem-danh/ban/").url == "/diem-danh/"
        assert tap(phone, here, here.held[0]).redirect_chain == [("/diem-danh/", 302)]
        assert Client().post("/diem-danh/", {"code": here.code}).status_code == 422
    assert present() == []


def test_nobody_without_the_code_sees_a_name(here):
    stranger = Client()
    for address in ("/diem-danh/ban/?tim=ut", "/diem-danh/ban/bo-sung/?thay=1"):
        assert stranger.get(address).url == "/diem-danh/"
    stranger.cookies["desk"] = "MQ:1vXXXX:forged"
    assert stranger.get("/diem-danh/ban/?tim=ut").url == "/diem-danh/"


def test_nothing_of_a_desk_is_kept_on_the_way(phone):
    answer = phone.get("/diem-danh/ban/?tim=ut")
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("ut", ["Nguyễn Văn Út", "Lâm Thị Út"]),
        ("DO HUU duc", ["Đỗ Hữu Đức"]),
        ("907", ["Lâm Thị Út"]),
        ("dat mui", ["Nguyễn Văn Út"]),
        ("3", ["Đỗ Hữu Đức"]),
        ("khong co ai", []),
    ],
)
def test_a_delegate_is_found_in_whatever_way_is_quickest(phone, query, found):
    assert names(phone.get("/diem-danh/ban/", {"tim": query})) == found


def test_a_delegate_is_found_by_the_tickets_code_and_address(here, phone):
    code = here.held[1].code
    assert names(phone.get("/diem-danh/ban/", {"tim": code.lower()})) == ["Lâm Thị Út"]
    assert names(phone.get("/diem-danh/ban/", {"tim": f"https://x.vn/tap-huan/ve/{code}/"})) == ["Lâm Thị Út"]


@pytest.mark.parametrize("query", ["907", "999907", "0988 777 907", "+84988777907"])
def test_of_a_number_three_digits_alone_are_compared_so_that_the_rest_is_found_by_no_trying(phone, query):
    assert names(phone.get("/diem-danh/ban/", {"tim": query})) == ["Lâm Thị Út"]


def test_no_more_of_a_number_is_shown_than_was_typed(phone):
    assert "912000" not in phone.get("/diem-danh/ban/", {"tim": "ut"}).text


def test_one_tap_is_presence_and_the_verdict_and_the_counter_say_so(here, phone):
    answer = tap(phone, here, here.held[0])
    shown = main(answer)
    assert 'class="verdict"' in shown
    assert "Có mặt lúc 09:40" in shown
    assert "Số thẻ <b>1</b>" in shown
    assert "lên một thẻ trắng" not in shown  # it was printed before
    assert "1<small>/3" in shown
    assert present() == ["Nguyễn Văn Út"]


def test_a_second_tap_says_that_it_was_recorded_before(here, phone):
    tap(phone, here, here.held[0])
    assert "Đã điểm danh trước đó" in main(tap(phone, here, here.held[0]))
    assert len(present()) == 1


def test_the_same_form_sent_twice_is_one_tap(here, phone):
    nonce = "0d5dd4c2-9a24-4d4e-8c5e-0c6b6f2f6a11"
    for _again in range(2):
        assert "Có mặt lúc" in main(tap(phone, here, here.held[0], nonce=nonce))
    assert Scan.objects.count() == 1


def test_each_delegate_of_a_page_has_a_form_of_the_own(phone):
    """Two taps on one page, the second before the answer to the first has come, are two delegates."""
    nonces = re.findall(r'name="nonce" value="([^"]+)"', phone.get("/diem-danh/ban/", {"tim": "ut"}).text)
    assert len(set(nonces)) == 2


@pytest.fixture
def evening(here):
    begins = here.session.ends_at + timedelta(minutes=20)
    return Session.objects.create(
        workshop=here.workshop, name="Buổi tối", starts_at=begins, ends_at=begins + timedelta(hours=2)
    )


def shown(page, session):
    return f'name="session" value="{session.pk}"' in page.text


def test_a_desk_that_stays_open_goes_on_to_the_next_session(here, phone, evening):
    after = tap(phone, here, here.held[0])
    with cast.on(evening.starts_at - timedelta(minutes=30)):
        page = phone.get(after.redirect_chain[-1][0] + "&tim=lam")
    assert shown(page, evening)


def test_a_session_that_was_chosen_by_hand_stays_chosen(here, phone, evening):
    page = phone.get("/diem-danh/ban/", {"buoi": evening.pk, "tim": "lam"})
    assert shown(page, evening)
    assert f'name="buoi" value="{evening.pk}"' in page.text
    assert (
        f"buoi={evening.pk}"
        in tap(phone, here, here.held[0], session=evening.pk, buoi=evening.pk).redirect_chain[-1][0]
    )
    walk_in(phone, here, buoi=evening.pk)
    assert Scan.objects.latest("pk").session == evening


def test_who_cancelled_is_let_in_by_a_tap_of_its_own(here, phone):
    actions.cancel(registration=here.held[2], at=cast.NOW)
    assert "Đã hủy đăng ký" in main(tap(phone, here, here.held[2]))
    assert 'value="take"' in main(phone.get("/diem-danh/ban/", {"tim": "duc"}))
    assert "Có mặt lúc" in main(tap(phone, here, here.held[2], kind="take"))
    assert present() == ["Đỗ Hữu Đức"]


def test_a_session_of_another_workshop_is_refused(here, phone):
    other = cast.workshop(cast.course(slug="khac", title="Khác"), slug="lop-khac")
    answer = tap(phone, here, here.held[0], session=other.sessions.get().pk)
    assert "không thuộc lớp của bàn" in answer.text
    assert present() == []


def walk_in(client, here, **more):
    said = {"name": "Lâm Văn Mới", "phone": "", "unit": "", "place": cast.commune().pk, "consent": "on"}
    said |= {"buoi": here.session.pk, "nonce": ""} | more
    return client.post("/diem-danh/ban/bo-sung/", said, follow=True)


def test_somebody_on_no_list_is_in_with_a_name_and_a_tick(here, phone):
    answer = main(walk_in(phone, here))
    assert "Có mặt lúc" in answer
    assert "Số thẻ <b>4</b>" in answer
    assert "lên một thẻ trắng" in answer
    assert present() == ["Lâm Văn Mới"]
    made = Registration.objects.get(person__name="Lâm Văn Mới")
    assert (made.source, made.place) == ("walk-in", cast.commune())


def test_a_province_is_no_commune_and_nothing_is_chosen_where_a_province_holds_it(here, phone):
    page = main(phone.get(f"/diem-danh/ban/bo-sung/?buoi={here.session.pk}"))
    assert "tỉnh Cà Mau</option>" not in page
    assert f'value="{cast.commune().pk}" selected' in page
    Workshop.objects.update(place=cast.province())
    page = main(phone.get(f"/diem-danh/ban/bo-sung/?buoi={here.session.pk}"))
    assert '<option value="" selected>' in page
    assert "tỉnh Cà Mau</option>" not in page
    assert "Hãy chọn xã, phường." in walk_in(phone, here, place="").text
    assert present() == []


def test_somebody_of_another_province_is_typed(here, phone):
    walk_in(phone, here, place="other", elsewhere="bao nhai, lao cai")
    assert Registration.objects.get(person__name="Lâm Văn Mới").place == cast.commune("Bảo Nhai", "Lào Cai")
    for typed, why in (("", "Hãy ghi xã, phường và tỉnh."), ("khong co", "Không tìm thấy nơi này.")):
        answer = walk_in(phone, here, name="Lâm Văn Khác", place="other", elsewhere=typed)
        assert (answer.status_code, why in answer.text) == (422, True)
    assert present() == ["Lâm Văn Mới"]


@pytest.mark.parametrize(
    ("said", "why"),
    [({"consent": ""}, "phiếu đồng ý"), ({"name": " "}, "họ và tên"), ({"phone": "123"}, "Số điện thoại chưa đúng")],
)
def test_a_walk_in_that_lacks_something_comes_back_with_what_was_typed(here, phone, said, why):
    answer = walk_in(phone, here, unit="HTX Muối", **said)
    assert answer.status_code == 422
    assert why in answer.text
    assert "HTX Muối" in answer.text
    assert present() == []


def test_who_comes_instead_is_in_and_both_names_stay(here, phone):
    first = here.held[0]
    page = phone.get(f"/diem-danh/ban/bo-sung/?buoi={here.session.pk}&thay={first.number}")
    assert "Nguyễn Văn Út" in main(page)
    assert "UBND xã Đất Mũi" not in main(page)  # who comes has a unit of the own
    assert "Có mặt lúc" in main(walk_in(phone, here, thay=first.number))
    first.refresh_from_db()
    assert first.state == RegistrationState.REPLACED
    assert (first.replaced_by.person.name, first.replaced_by.unit) == ("Lâm Văn Mới", "")
    assert "đi thay Nguyễn Văn Út" in main(phone.get("/diem-danh/ban/", {"tim": "moi"}))


def test_instead_of_somebody_who_is_there_nobody_is_written_down(here, phone):
    tap(phone, here, here.held[0])
    answer = walk_in(phone, here, thay=here.held[0].number)
    assert (answer.status_code, "đã điểm danh" in answer.text) == (422, True)
    assert Registration.objects.count() == 3


def test_leaving_forgets_the_desk(phone):
    assert phone.get("/diem-danh/roi/").status_code == 405
    phone.post("/diem-danh/roi/")
    assert phone.get("/diem-danh/ban/").url == "/diem-danh/"


def test_forms_need_the_pages_token(here):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/diem-danh/", {"code": here.code}).status_code == 403


def test_the_shell_and_the_worker_say_the_same_to_everybody(here, phone):
    for address in ("/diem-danh/khung/", "/diem-danh/may.js", "/diem-danh/may.webmanifest"):
        assert phone.get(address).content == Client().get(address).content
    shell = phone.get("/diem-danh/khung/")
    assert "csrfmiddlewaretoken" not in shell.text
    assert "Bàn 1" not in shell.text
    assert phone.get("/diem-danh/may.webmanifest").json()["start_url"] == "/diem-danh/"
