"""A list is written in as many queries for thousands as for a few, and everybody of it as if written alone."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from wagtail.models import ModelLogEntry

from accounts import actions as accounts
from accounts.access import managed_places, people_visible_to
from accounts.models import Consent, Person, Subject, User
from lib.refusals import Refusal
from tests import cast
from tests.workshops.test_roster_import import BE, HERE, UT, bring, sheet, verdicts
from tests.workshops.test_rosters import everywhere, roster_of
from workshops import actions, importing, personal
from workshops.importing import BY_PLACE, Scope
from workshops.models import Quota, Registration

pytestmark = pytest.mark.django_db


@pytest.fixture
def workshop(db):
    return cast.workshop()


@pytest.fixture
def officer(db):
    return cast.staff("organiser", cast.province())


def rows(count):
    """Each of a hamlet and a household of the own."""
    letters = "abcdefghij"
    return [
        [n, f"Nguyễn Văn {chr(65 + n % 26)}{letters[n // 26]}", 1970, 912000000 + n, f"Hộ {n}", f"Ấp {n}, xã {HERE}"]
        for n in range(count)
    ]


def queries_of(job) -> int:
    with CaptureQueriesContext(connection) as caught:
        job()
    return len(caught)


def test_the_number_of_queries_does_not_grow_with_the_list(workshop):
    few = queries_of(lambda: bring(workshop, *rows(5)))
    Registration.objects.all().delete()
    many = queries_of(lambda: bring(workshop, *rows(200)))
    assert Registration.objects.count() == 200
    assert many <= few < 60


def test_nor_does_that_of_those_who_had_cancelled(workshop):
    table = rows(30)
    bring(workshop, *table)
    counts = []
    for some in (table[:3], table):
        Registration.objects.update(state="cancelled", ended_at=cast.NOW)
        taken = {f"0:{number}": {"again": "take"} for number in range(2, 2 + len(some))}
        counts.append(queries_of(lambda some=some, taken=taken: bring(workshop, *some, decisions=taken)))
    assert set(Registration.objects.values_list("state", "ended_at")) == {("held", None)}
    assert counts[1] <= counts[0]


def test_numbers_and_subjects_are_written_in_one_order_whatever_that_of_the_list(workshop):
    """Of two lists at once one waits for the other then; in an order of its own each would hold what the other wants."""
    bring(workshop, *rows(9)[::-1])
    for rows_of in (User.objects.values_list("phone", flat=True), Subject.objects.values_list("search", flat=True)):
        written = list(rows_of.order_by("pk"))
        assert (len(written), written) == (9, sorted(written))


def test_nor_with_the_number_of_quotas(workshop):
    roster = roster_of(sheet(UT), quota=BY_PLACE)

    def looked():
        importing.plan(roster, workshop=workshop, scope=everywhere(), this_year=2026)

    Quota.objects.create(workshop=workshop, place=cast.commune(), seats=5)
    one = queries_of(looked)
    for number in range(4):
        Quota.objects.create(workshop=workshop, unit=f"HTX {number}", seats=5)
    assert queries_of(looked) == one


class TestEverybodyIsWrittenAsAlone:
    """What `register_for` and `register` leave of each person, `register_list` leaves of all."""

    SAID = (
        ("Trần Thị  Út ", 1975, "+84912345678", "HTX Tôm khô"),
        ("Lê Văn Chồng", None, "+84912345678", "htx TÔM KHÔ"),  # the same number, the same subject
        ("Kim Sa", None, "", "Hộ Kim Sa"),
        ("Đã Bỏ Dở", 1980, "+84912345679", ""),  # somebody began to sign up with this number
        ("Trùng Số", 1980, "+84987654321", ""),  # a colleague's number
        ("Số Người Khác", 1980, "+84912345670", ""),  # of somebody who is known
    )

    def those_before(self):
        draft = accounts.user_for_phone(phone="+84912345679", at=cast.NOW)
        draft.phone_verified_at, draft.profile_draft = cast.NOW, {"name": "Bỏ Dở"}
        draft.save()
        cast.trainee("Người Khác", "0912345670")

    def fields(self, at):
        name, born, phone, unit = self.SAID[at]
        return {
            "form_token": UUID(int=at + 1), "name": name, "birth_year": born, "place": cast.commune(), "phone": phone, "kind": "subject",
            "subject_name": unit, "subject_kind": "household",
        }  # fmt: skip

    def left(self, people):
        found = []
        for one in Person.objects.filter(pk__in=[person.pk for person in people]).order_by("form_token"):
            user = User.objects.filter(person=one).first()
            log_in = (
                (user.phone, user.phone_verified_at, user.has_usable_password(), user.profile_draft) if user else ()
            )
            said = {key: value for key, value in vars(one).items() if key not in ("_state", "id", "subject_id")}
            subject = one.subject and (one.subject.name, one.subject.search, one.subject.kind, one.subject.is_confirmed)
            consents = list(Consent.objects.filter(person=one).values_list("text", "given_at", "how", "recorded_by"))
            notes = ModelLogEntry.objects.filter(object_id=str(one.pk), action="accounts.person_registered")
            log = [(note.user_id, note.data, note.content_type.model, note.label[:5]) for note in notes]
            found.append((said, log_in, subject, consents, log))
        return found

    @pytest.mark.parametrize("is_command", [True, False])
    def test_whatever_the_list_says(self, officer, is_command):
        by, results = None if is_command else officer, []
        shared = {"consents": cast.texts(), "how": "paper", "by": by, "at": cast.NOW}
        for at_once in (False, True):
            with transaction.atomic():
                self.those_before()
                if at_once:
                    listed = [accounts.Listed(**self.fields(at)) for at in range(len(self.SAID))]
                    people = accounts.register_list(people=listed, **shared)
                    again = accounts.register_list(people=listed, **shared)
                    assert [one.pk for one in again] == [one.pk for one in people]
                else:
                    people = [accounts.register_for(**self.fields(at), **shared) for at in range(len(self.SAID))]
                results.append((self.left(people), Subject.objects.count(), User.objects.count()))
                transaction.set_rollback(True)
        assert results[0] == results[1]
        assert len(results[0][0]) == len(self.SAID)

    def test_without_the_agreement_nobody_is_written(self, officer):
        with pytest.raises(Refusal, match="thiếu sự đồng ý"):
            accounts.register_list(
                people=[accounts.Listed(**self.fields(0))], consents=[], how="paper", by=officer, at=cast.NOW
            )
        assert not Person.objects.filter(search="tran thi ut").exists()

    def test_a_token_that_comes_back_with_another_name_is_refused(self, officer):
        shared = {"consents": cast.texts(), "how": "paper", "by": officer, "at": cast.NOW}
        accounts.register_list(people=[accounts.Listed(**self.fields(0))], **shared)
        with pytest.raises(Refusal, match="Lần gửi trước"):
            accounts.register_list(people=[accounts.Listed(**self.fields(0) | {"name": "Người Khác"})], **shared)


class TestSeats:
    def test_they_go_in_the_order_of_the_list_until_none_is_left(self, workshop):
        workshop.capacity = 3
        workshop.save()
        quota = Quota.objects.create(workshop=workshop, unit="HTX Tôm khô", seats=1)
        table = [UT, [2, "Lê Văn Hai", 1980, "", "HTX Tôm khô", HERE], *rows(3)]
        bring(workshop, *table, quota=BY_PLACE)
        found = Registration.objects.order_by("number").values_list("number", "quota", "state", "waiting_since")
        assert list(found) == [
            (1, quota.pk, "held", None),
            (2, None, "held", None),  # the quota is full, outside quotas there is a seat
            (3, None, "held", None),
            (4, None, "waiting", cast.NOW),
            (5, None, "waiting", cast.NOW),
        ]
        assert len(set(Registration.objects.values_list("code", flat=True))) == 5
        assert personal.violations() == []

    def test_who_waits_keeps_the_turn_and_who_has_a_seat_the_row(self, workshop):
        workshop.capacity = 1
        workshop.save()
        first, second = [cast.person(name) for name in ("Trần Thị Út", "Lê Văn Bé")]
        one, two = [
            actions.register(workshop=workshop, person=who, source="self", at=cast.NOW) for who in (first, second)
        ]
        wanted = [actions.Wanted(person=who, unit="Mới") for who in (first, second, cast.person("Kim Sa"))]
        later = cast.NOW + timedelta(hours=1)
        entered = actions.register_list(workshop=workshop, wanted=wanted, source="import", at=later, by=None)
        assert [(row.state, row.waiting_since, row.number) for row in entered] == [
            ("held", None, 1),
            ("waiting", cast.NOW, 2),
            ("waiting", later, 3),
        ]
        one.refresh_from_db()
        two.refresh_from_db()
        assert (one.unit, two.unit, two.source) == ("Tôm khô Út", "Mới", "import")

    def test_who_switched_messages_off_stays_so(self, workshop):
        other = cast.workshop(cast.course(0, slug="khac", title="Khác"), slug="lop-khac")
        muted = actions.register(workshop=other, person=cast.person("Lê Văn Bé"), source="nominated", at=cast.NOW)
        actions.mute(registration=muted, is_muted=True)
        bring(workshop, UT, BE)
        assert list(Registration.objects.filter(workshop=workshop).values_list("is_muted", flat=True)) == [False, True]


def test_whom_the_list_wrote_down_and_who_moved_away_since_is_still_known_by_it(workshop, officer):
    scope = Scope(people_visible_to(officer, "accounts.view_person"), managed_places(officer, "accounts.add_person"))

    def again():
        return actions.import_roster(
            workshop=workshop, roster=roster_of(sheet(UT, BE)), scope=scope, seen=None, consents=cast.texts()[:1], by=officer, at=cast.NOW
        )  # fmt: skip

    assert again().new == 2
    Person.objects.filter(search="tran thi ut").update(place=cast.commune("Tả Van", "Lào Cai"))
    done = again()
    assert not done.has_changed
    assert [one.is_elsewhere for one in done.plan.lines] == [True, False]
    assert verdicts(workshop, UT, BE) == ["already", "already"]
