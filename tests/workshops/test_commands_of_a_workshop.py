"""manage.py workshop_desk and workshop_close: a desk's code and link, and who gets what and why not, without a browser."""

import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from courses.models import Completion
from tests import cast
from workshops import access
from workshops.models import Desk, Scan, Session, Workshop

from .desks import DOOR

pytestmark = [pytest.mark.django_db, pytest.mark.once]
SLUG = "bo-tieu-chi-moi"
EVENING = cast.NOW + timedelta(days=2, hours=4)
BY = "0987654321"


def said(capsys, *arguments) -> str:
    call_command(*arguments)
    return capsys.readouterr().out


class TestDesks:
    @pytest.fixture
    def ask(self, planned, capsys):
        def act(*arguments, at=DOOR):
            with cast.on(at):
                return json.loads(said(capsys, "workshop_desk", *arguments, "--json"))

        return act

    def test_one_is_made_and_its_code_opens_it(self, ask, planned):
        (made,) = ask("make", SLUG, "--name", "Cửa chính", "--hours", "4")
        desk = Desk.objects.get()
        assert (made["desk"], made["name"], made["open"]) == (desk.pk, "Cửa chính", True)
        assert access.open_desk(made["code"], DOOR) == desk
        assert made["link"].endswith(f"/diem-danh/#ma={made['code'].replace(' ', '')}")

    def test_the_code_is_shown_once_and_in_words(self, planned, capsys):
        with cast.on(DOOR):
            words = said(capsys, "workshop_desk", "make", SLUG)
            listed = said(capsys, "workshop_desk", "list", SLUG)
        assert "/diem-danh/#ma=" in words
        assert "Mã / code: " in words
        assert "#ma=" not in listed
        assert "Bàn 1" in listed

    def test_another_code_takes_the_place_of_the_one_that_was_lost(self, ask):
        (first,) = ask("make", SLUG)
        (second,) = ask("recode", SLUG, "--desk", str(first["desk"]))
        assert access.open_desk(second["code"], DOOR).pk == first["desk"]
        assert first["code"] != second["code"]

    @pytest.mark.parametrize("act", ["end", "shut"])
    def test_one_is_ended_or_shut_once(self, ask, act):
        (made,) = ask("make", SLUG)
        (told,) = ask(act, SLUG, "--desk", str(made["desk"]))
        assert (told["open"], told["shut"], "code" in told) == (False, act == "shut", False)
        with pytest.raises(CommandError, match="đã đóng từ trước"):
            ask(act, SLUG, "--desk", str(made["desk"]))
        assert not Scan.objects.exists()

    @pytest.mark.parametrize(
        ("arguments", "why"),
        [
            (["make", "khac"], "Không có lớp"), (["make", SLUG, "--hours", "0"], "từ 1 đến 72"), (["end", SLUG], "--desk"),
            (["end", SLUG, "--desk", "9999"], "--desk"), (["recode", SLUG, "--desk", "9999"], "--desk"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_is_told(self, ask, arguments, why):
        with pytest.raises(CommandError, match=why):
            ask(*arguments)
        assert not Desk.objects.exists()

    def test_a_desk_of_another_workshop_is_no_desk_of_this_one(self, ask):
        cast.workshop(cast.course(slug="lop-hai", title="Lớp hai"), slug="lop-hai")
        (made,) = ask("make", "lop-hai")
        with pytest.raises(CommandError, match="--desk"):
            ask("end", SLUG, "--desk", str(made["desk"]))
        assert Desk.objects.get().ended_at is None

    def test_a_workshop_that_is_over_gets_none(self, ask, planned):
        with pytest.raises(CommandError, match="đã hủy hoặc đã kết thúc"):
            ask("make", SLUG, at=cast.NOW + timedelta(days=9))


class TestClosing:
    @pytest.fixture
    def close(self, planned, organiser, capsys, django_capture_on_commit_callbacks):
        def act(*arguments, at=EVENING, by=BY):
            with cast.on(at), django_capture_on_commit_callbacks(execute=True):
                return json.loads(said(capsys, "workshop_close", SLUG, "--by", by, "--json", *arguments))

        return act

    @pytest.fixture
    def there(self, planned):
        """One who came, one who did not."""
        came, away = cast.delegate(planned, "Lê Thị An"), cast.delegate(planned, "Trần Văn Bình")
        cast.present(came)
        return came, away

    def test_a_dry_run_says_who_gets_what_and_why_not_and_writes_nothing(self, close, there, planned):
        told = close("--dry-run")
        assert [(row["name"], row["outcome"]) for row in told["rows"]] == [
            ("Lê Thị An", "course"), ("Trần Văn Bình", "nothing"),
        ]  # fmt: skip
        assert told["rows"][1]["why"] == "vắng mặt"
        assert (told["written"], told["counts"]["course"], told["counts"]["nothing"]) == (False, 1, 1)
        assert [(one["number"], one["closes"], one["closed"]) for one in told["sessions"]] == [(1, True, False)]
        planned.refresh_from_db()
        assert planned.closed_at is None
        assert not Completion.objects.exists()

    def test_closing_does_what_the_dry_run_said_and_again_does_nothing(self, close, there, planned):
        told = close()
        assert (told["written"], told["sessions_closed"], told["completed"], told["failed"]) == (True, 1, 1, [])
        assert Completion.objects.get().enrolment.person == there[0].person
        planned.refresh_from_db()
        assert planned.closed_at == EVENING
        assert (close()["completed"], close()["sessions_closed"]) == (0, 0)

    def test_in_words(self, close, there, capsys):
        with cast.on(EVENING):
            words = said(capsys, "workshop_close", SLUG, "--by", BY, "--dry-run")
        assert "Lê Thị An, 1/1: học xong khóa" in words
        assert "Chưa ghi gì." in words
        with cast.on(EVENING):
            assert "Đã chốt 1 buổi, ghi hoàn thành 1 đại biểu." in said(capsys, "workshop_close", SLUG, "--by", BY)

    def test_one_session_of_two_is_closed_by_its_number(self, close, there, planned):
        first = planned.sessions.get()
        Session.objects.create(
            workshop=planned, name="Tối", starts_at=first.ends_at, ends_at=first.ends_at + timedelta(minutes=30)
        )
        told = close("--session", "1", at=first.ends_at + timedelta(minutes=40))
        assert [one["closes"] for one in told["sessions"]] == [True, False]
        assert [one.closed_at is not None for one in planned.sessions.order_by("starts_at")] == [True, False]

    def test_what_ought_to_be_known_first_is_told_and_has_to_be_meant(self, close, there, planned):
        """Before the session is over, who comes later would count as absent."""
        early = planned.sessions.get().ends_at - timedelta(minutes=30)
        assert len(close("--dry-run", at=early)["warnings"]) == 1
        with pytest.raises(CommandError, match="--sure"):
            close(at=early)
        assert not Completion.objects.exists()
        assert close("--sure", at=early)["completed"] == 1

    @pytest.mark.parametrize(
        ("arguments", "why"),
        [
            ({"by": "0900000000"}, "Không có cán bộ"), ({"by": "khong"}, "điện thoại"), ({"at": cast.NOW}, "chưa bắt đầu"),
            ({"session": "3"}, "--session"), ({"session": "1", "at": cast.NOW}, "chưa bắt đầu"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_is_told_and_changes_nothing(self, close, there, planned, arguments, why):
        more = ["--session", arguments["session"]] if "session" in arguments else []
        with pytest.raises(CommandError, match=why):
            close(*more, **{name: value for name, value in arguments.items() if name != "session"})
        assert Workshop.objects.get(pk=planned.pk).closed_at is None

    def test_a_colleague_of_another_province_closes_nothing(self, close, there, planned):
        cast.staff("organiser", cast.province("Lào Cai"), phone="0987654322", name="Người Khác")
        with pytest.raises(CommandError, match="ngoài địa bàn"):
            close(by="0987654322")
        assert Workshop.objects.get(pk=planned.pk).closed_at is None

    def test_a_trainee_is_no_colleague(self, close, there, trainee):
        with pytest.raises(CommandError, match="Không có cán bộ"):
            close(by="0912345678")

    def test_no_such_workshop(self, organiser):
        with pytest.raises(CommandError, match="Không có lớp"):
            call_command("workshop_close", "khac", "--by", BY)
