"""Erasing leaves nobody's name, number or words anywhere in the database but where the register of certificates must have them."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from accounts import actions as accounts
from accounts import personal
from accounts.models import ERASED, Consent, Help, Move, Person, PhoneChange, Subject, User
from accounts.queries import text_of
from accounts.rights import actions, purging
from accounts.rights.erasing import LOGGED, erase_person
from certificates import actions as certificates
from certificates.models import Credential
from courses.models import Completion, Enrolment
from demo.models import PhoneMessage
from lib import registries, text
from lib.refusals import Refusal
from messaging.actions import enqueue
from messaging.models import Message
from quizzes import actions as quizzes
from quizzes.models import Allowance, Attempt, Item, Quiz
from reports import counting
from reports.models import CallList, Contact, Reminder
from tests import cast
from workshops.actions import register
from workshops.models import FollowUp, Registration, RegistrationSource, Scan, ScanOutcome

pytestmark = pytest.mark.django_db
NAME, PHONE, OTHER = "Chim Hoàng Yến Canary", "0911222333", "0911222334"
WORD = "kỳ lân xanh"  # stands in whatever somebody typed
HOUSEHOLD = f"Hộ {NAME}"
# What law keeps, by table and column: the certificate as it was printed, and what a machine checks of it (docs/decisions/0027).
KEPT = {("certificates_credential", "evidence"), ("certificates_credential", "statement")}


def traces() -> tuple[str, ...]:
    """As text, folded, by number however it is written, as JSON spells it, and by the key for sorting and search."""
    spelled = (NAME, text.fold(NAME), WORD, text.fold(WORD), "911222333", "911222334", text.sort_key(NAME))
    return tuple({form.lower() for one in spelled for form in (one, json.dumps(one)[1:-1])})


def found() -> set[tuple[str, str]]:
    """(table, column) of every column of the whole database that holds a trace; sessions and cached values are opened first."""
    places = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 (the database's own names)
            for row in cursor.fetchall():
                for column, value in zip(columns, row, strict=True):
                    said = opened(table, column, value).lower()
                    if any(trace in said for trace in traces()):
                        places.add((table, column))
    return places


def opened(table: str, column: str, value: object) -> str:
    if (table, column) == ("django_session", "session_data"):
        from django.contrib.sessions.models import Session

        return json.dumps(Session(session_data=str(value)).get_decoded(), ensure_ascii=False)
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode(errors="replace")
    return str(value)


@pytest.fixture
def officer():
    return cast.staff("manager", cast.commune())


@pytest.fixture
def person(officer):
    """Somebody with a row in every record, each with words of their own where there is room for any."""
    user = cast.trainee(NAME, PHONE)
    someone = user.person
    Subject.objects.filter(pk=someone.subject_id).update(
        name=HOUSEHOLD, search=text.fold(HOUSEHOLD), leader=NAME, phone=PHONE
    )
    Person.objects.filter(pk=someone.pk).update(birth_year=1975, contact_phone="+84911222334")
    User.objects.filter(pk=user.pk).update(profile_draft={"name": NAME})
    accounts.issue_card(person=someone, by=officer, at=cast.NOW)
    learn(someone, officer)
    attend(someone, officer)
    be_called(someone)
    changes(someone)
    Move.objects.create(
        person=someone, before=cast.commune("An Xuyên"), after=cast.commune(), moves_on=cast.NOW.date(), asked_at=cast.NOW, reason=WORD
    )  # fmt: skip
    Help.objects.create(person=someone, by=officer, asked_at=cast.NOW)
    cast.client_of(user).get("/hoc/")
    enqueue(to="+84911222333", body=f"{WORD}, {NAME}", purpose="x", at=cast.NOW)
    PhoneMessage.objects.create(to="+84911222334", body=WORD, received_at=cast.NOW)
    actions.ask(person=someone, kind="object", note=WORD, at=cast.NOW)
    actions.reply(request=someone.data_requests.get(), answer=WORD, by=officer, at=cast.NOW)
    for row in (someone, user, someone.enrolments.first(), someone.credentials.get(), someone.data_requests.get()):
        log(
            instance=row,
            title=getattr(row, "log_title", None),
            action="accounts.person_corrected",
            user=officer,
            data={"reason": WORD},
        )
    accounts.answer_minority(person=someone, text=text_of("minority", "vi"), is_minority=True, at=cast.NOW)
    joined(someone)
    return Person.objects.get(pk=someone.pk)


def learn(someone, officer):
    course = cast.course(lessons=1, with_quiz=True)
    cast.award(course)
    enrolment = cast.enrolment(someone, course)
    cast.finish(enrolment)
    certificates.issue(enrolment_id=enrolment.pk, at=cast.NOW)
    quiz = Quiz.objects.get()
    attempt = quizzes.start_attempt(enrolment=enrolment, quiz=quiz, language="vi", at=cast.NOW)
    bank = quiz.slots.first().bank
    essay = cast.question(bank, "viet", kind="essay", data={"rubric": [{"id": "a", "text": "Có thật", "points": "1"}]})
    item = attempt.items.first()
    Item.objects.filter(pk=item.pk).update(version=essay.versions.get(), answer=WORD, comment=f"Chị {NAME}")
    quizzes.submit_attempt(attempt=attempt, at=cast.NOW)
    Allowance.objects.create(enrolment=enrolment, quiz=quiz, reason=WORD, given_at=cast.NOW, given_by=officer)
    log(instance=attempt, title="lượt làm", action="quizzes.regraded", user=officer, data={"reason": WORD})


def attend(someone, officer):
    workshop = cast.workshop(cast.course(lessons=0, slug="lop-hoc", title="Lớp"))
    seat = register(workshop=workshop, person=someone, source=RegistrationSource.NOMINATED, at=cast.NOW)
    Registration.objects.filter(pk=seat.pk).update(unit=HOUSEHOLD, post=WORD, note=WORD, answers={"1": WORD})
    FollowUp.objects.create(registration=seat, drawn_at=cast.NOW, what=WORD, hindrance=WORD)
    cast.present(seat)
    seat.attendances.update(taken_back_at=cast.NOW, taken_back_why=WORD)
    typed = {"name": NAME, "place": cast.commune().pk, "phone": "+84911222333", "unit": HOUSEHOLD}
    Scan.objects.create(
        nonce="n", session=workshop.sessions.get(), code="x", outcome=ScanOutcome.CLOSED, newcomer=typed,
        occurred_at=cast.NOW, recorded_at=cast.NOW,
    )  # fmt: skip
    log(
        instance=workshop, title=workshop.title, action="workshops.delegate_removed", user=officer,
        data={"number": seat.number, "reason": WORD},
    )  # fmt: skip


def be_called(someone):
    listed = CallList.objects.create(place=cast.commune(), week=cast.NOW.date(), drawn_at=cast.NOW)
    Contact.objects.create(list=listed, position=1, person=someone, reason="unstarted", since=cast.NOW.date())
    reminded = Reminder.objects.create(
        list=listed, person=someone, reason="unstarted", code="NHAC", parts=1, at=cast.NOW
    )
    shared = "+84911222999"  # of somebody else too: the message calls the given name alone
    enqueue(to=shared, body=f"chao anh/chi {WORD}", purpose="reminder", at=cast.NOW, dedupe_key=reminded.message_key)


def changes(someone):
    PhoneChange.objects.create(
        name=NAME, place=cast.commune(), old_phone="+84911222333", new_phone="+84911222334", requested_at=cast.NOW
    )
    PhoneChange.objects.create(
        name=f"{NAME} cũ", place=cast.commune(), new_phone="+84911222334", requested_at=cast.NOW, person=someone,
        status="confirmed", reason=WORD,
    )  # fmt: skip


def joined(someone):
    """A record that was joined to theirs, written otherwise."""
    other = cast.person(f"{NAME} Hai", subject_name=HOUSEHOLD)
    Person.objects.filter(pk=other.pk).update(merged_into=someone, merged_at=cast.NOW, contact_phone="+84911222334")


def erase(person):
    return erase_person(person=person, by=None, at=cast.NOW + timedelta(days=8))


def test_whoever_has_a_row_everywhere_leaves_no_trace_but_in_the_register_of_certificates(person):
    before = found()
    assert {table for table, _column in before} >= {
        "accounts_person", "accounts_user", "accounts_subject", "accounts_phonechange", "accounts_datarequest",
        "workshops_registration", "workshops_scan", "workshops_followup", "quizzes_item", "quizzes_allowance",
        "messaging_message", "demo_phonemessage", "wagtailcore_modellogentry", "certificates_credential",
    }  # fmt: skip
    assert erase(person)
    purging.purge(cast.NOW + timedelta(days=8))
    assert found() <= KEPT
    assert Credential.objects.get().printed_name() == NAME


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("accounts.Person", "accounts_person"),
        ("accounts.Subject.leader", "accounts_subject"),
        ("accounts.PhoneChange.person", "accounts_phonechange"),
        ("accounts.Move.person", "accounts_move"),
        ("accounts.DataRequest.person", "accounts_datarequest"),
        ("messaging.Message.to", "messaging_message"),
        ("reports.Reminder.person", "messaging_message"),
        ("demo.PhoneMessage.to", "demo_phonemessage"),
        ("quizzes.Attempt.enrolment", "quizzes_item"),
        ("workshops.Registration.person", "workshops_registration"),
        ("wagtailcore.ModelLogEntry", "wagtailcore_modellogentry"),
    ],
)
def test_a_record_that_forgets_to_erase_would_be_found(person, monkeypatch, name, table):
    """The control: with one of them left out, the search finds it."""
    forgetful = replace(registries.person_records[name], erase=lambda person_id: 0)
    monkeypatch.setitem(registries.person_records.entries, name, forgetful)
    erase(person)
    assert table in {where for where, _column in found() - KEPT}


def test_every_relation_of_a_person_had_a_row_or_is_known_to_follow_from_others(person):
    """The test above would prove little of a record that is not in it."""
    follows = {
        "reports.Scattered.person",
        "reports.SliceScattered.person",
        "reports.YearlyScattered.person",
        "mfa.Authenticator.user",
        "accounts.Subject.leader",
        "accounts.Person.merged_into",
    }
    empty = {
        f"{one.related_model._meta.label}.{one.field.name}"
        for one in Person._meta.get_fields(include_hidden=True)
        if one.auto_created and one.is_relation and not one.concrete
        and not one.related_model._default_manager.filter(**{one.field.name: person}).exists()
    }  # fmt: skip
    assert empty <= follows


def test_what_was_learnt_is_counted_as_before(person):
    def figures():
        rows = [
            vars(row)
            for row in (*counting.cells(counting.enrolments(), cast.NOW), *counting.heads(counting.enrolments()))
        ]
        return [{key: value for key, value in row.items() if key != "_state"} for row in rows]

    before = (figures(), Completion.objects.count(), Attempt.objects.count(), Registration.objects.count())
    erase(person)
    assert (figures(), Completion.objects.count(), Attempt.objects.count(), Registration.objects.count()) == before
    assert Enrolment.objects.first().person.name == ERASED


def test_it_is_done_once_and_told_by_one_entry_that_names_nobody(person):
    assert erase(person)
    assert not erase(person)
    entry = ModelLogEntry.objects.get(action=LOGGED)
    assert (entry.object_id, entry.data, entry.label) == (str(person.pk), {}, f"người {person.pk}")


def test_nothing_is_left_half_done(person, monkeypatch):
    def broken(person_id):
        raise RuntimeError

    records = replace(registries.person_records["accounts.Consent.person"], erase=broken)
    monkeypatch.setitem(registries.person_records.entries, "accounts.Consent.person", records)
    with pytest.raises(RuntimeError):
        erase(person)
    assert Person.objects.get(pk=person.pk).name == NAME
    assert User.objects.filter(person=person).exists()


def test_the_ledger_stays_and_is_closed(person):
    count = Consent.objects.filter(person=person).count()
    erase(person)
    assert Consent.objects.filter(person=person).count() == count > 0
    assert not Consent.objects.filter(person=person, withdrawn_at=None).exists()
    assert personal.violations() == []


def test_an_erased_person_who_still_has_a_name_is_a_violation(person):
    erase(person)
    Person.objects.filter(pk=person.pk).update(name="Còn tên")
    assert [f"person {person.pk} was erased" in said for said in personal.violations()] == [True]


def test_a_seat_in_a_workshop_to_come_is_given_back(person):
    with cast.on(cast.NOW):
        erase(person)
    assert set(Registration.objects.values_list("state", flat=True)) == {"cancelled"}


def test_a_subject_of_the_register_keeps_its_name_and_loses_its_leader(person):
    Subject.objects.filter(pk=person.subject_id).update(name="Tôm khô Rạch Gốc", is_confirmed=True)
    erase(person)
    kept = Subject.objects.get(name="Tôm khô Rạch Gốc")
    assert (kept.leader, kept.phone, kept.closed_at) == ("", "", None)


def test_a_household_that_others_belong_to_stays(person):
    neighbour = cast.person("Lê Văn Bé")
    Person.objects.filter(pk=neighbour.pk).update(subject=person.subject_id)
    erase(person)
    assert Subject.objects.get(pk=person.subject_id).closed_at is None


def test_what_the_persons_subject_was_called_after_them_goes_where_nobody_needs_it(person, officer):
    """As a further name of another subject, and in the log about both."""
    household = Subject.objects.get(pk=person.subject_id)
    accounts.correct_subject(
        subject=household, name=f"Hộ bà {NAME}", kind=household.kind, place=household.place, leader=NAME, phone=PHONE,
        by=officer, reason=f"{NAME} báo",
    )  # fmt: skip
    other = accounts.write_subject(
        name="Tổ hợp tác Rạch Gốc",
        kind="household",
        place=household.place,
        leader="",
        phone="",
        by=officer,
        at=cast.NOW,
    )
    product = accounts.write_product(
        subject=other, name=f"Tôm khô {NAME}", stars=3, decision="", valid_until=None, by=officer
    )
    accounts.remove_product(product=product, by=officer, reason="Ghi nhầm")
    accounts.join_subjects(subject=household, into=other, by=officer, reason="Là một")
    assert ("accounts_subject", "name") in found()
    erase(Person.objects.get(pk=person.pk))
    assert found() <= KEPT
    assert Subject.objects.get(pk=other.pk).closed_at is None
    reasons = {one.data.get("reason") for one in ModelLogEntry.objects.for_instance(other)}
    assert {"Ghi nhầm", "Là một"} <= reasons, "of the subject only what calls the person goes"


def test_a_name_of_one_word_is_not_looked_for_within_others(officer):
    short = cast.person("Út", subject_name="Mứt gừng")
    reason = "Đã gọi mười phút"
    accounts.correct_subject(
        subject=short.subject, name="Mứt gừng Út", kind="household", place=short.place, leader="", phone="", by=officer,
        reason=reason,
    )  # fmt: skip
    erase(short)
    entry = ModelLogEntry.objects.for_instance(Subject.objects.get(pk=short.subject_id)).get()
    assert entry.data["reason"] == reason


def test_what_went_to_a_number_of_before_goes_unless_it_is_anothers_by_now(officer):
    one = cast.trainee(NAME, PHONE)
    change = accounts.request_phone_change(
        name=NAME, place=cast.commune(), old_phone=one.phone, new_phone="+84911222334", at=cast.NOW
    )
    enqueue(to=one.phone, body="Chao anh/chi", purpose="x", at=cast.NOW)
    accounts.decide_phone_change(
        change=change, by=officer, is_confirmed=True, person=one.person, reason="x", at=cast.NOW
    )
    erase(one.person)
    assert found() == set()


def test_what_went_to_a_number_that_a_couple_shares_stays_with_the_other(person):
    husband = cast.person("Phạm Văn Chồng")
    Person.objects.filter(pk=husband.pk).update(contact_phone="+84911222334")
    for body in ("Chao anh Chong", f"Chao chi {text.without_marks(NAME)}"):
        enqueue(to="+84911222334", body=body, purpose="x", at=cast.NOW)
    erase(person)
    assert [one.body for one in Message.objects.filter(to="+84911222334")] == ["Chao anh Chong"]


def test_a_colleague_who_learnt_here_keeps_the_log_in_and_answers_for_decisions():
    user = cast.trainee(NAME, PHONE)
    accounts.grant_role(user=user, role="organiser", place=cast.province(), by=None, at=cast.NOW)
    someone = user.person
    erase(someone)
    user = User.objects.get(pk=user.pk)
    assert (user.person, user.get_full_name()) == (None, NAME)
    assert Person.objects.get(pk=someone.pk).name == ERASED


def test_the_number_of_a_log_in_that_was_switched_off_by_joining_goes_too():
    one, other = cast.trainee(NAME, PHONE), cast.trainee(NAME, OTHER)
    accounts.merge_people(person=one.person, into=other.person, by=None, reason="ghi hai lần", at=cast.NOW)
    assert User.objects.filter(phone__in=[one.phone, other.phone]).count() == 2
    erase(Person.objects.get(pk=other.person_id))
    assert found() == set()


def test_entries_of_others_keep_their_reasons(person, officer):
    other = cast.person("Lê Văn Bé")
    log(
        instance=other,
        title=other.log_title,
        action="accounts.person_corrected",
        user=officer,
        data={"reason": "Ghi nhầm"},
    )
    erase(person)
    kept = ModelLogEntry.objects.get(object_id=str(other.pk), content_type=ContentType.objects.get_for_model(Person))
    assert kept.data == {"reason": "Ghi nhầm"}


def test_nobody_finds_an_erased_person_in_the_admin_or_writes_a_card_for_them(person, officer):
    erase(person)
    client = cast.client_of(officer)
    assert ERASED not in client.get("/quan-tri/person/").text
    assert client.get(f"/quan-tri/person/inspect/{person.pk}/").status_code == 404
    assert client.post(f"/quan-tri/nguoi/{person.pk}/phieu/").status_code == 404


def test_nobody_issues_a_certificate_without_a_name(person, officer):
    erase(person)
    course = cast.course(lessons=1, slug="sau", title="Sau")
    enrolment = Enrolment.objects.create(
        person=person,
        course=course,
        place=person.place,
        person_kind="subject",
        enrolled_at=cast.NOW,
        completed_at=cast.NOW,
        last_active_at=cast.NOW,
    )
    cast.award(course, code="SAU")
    assert certificates.issue(enrolment_id=enrolment.pk, at=cast.NOW) is None
    assert certificates.issue_missing(at=cast.NOW) == 0
    with pytest.raises(Refusal, match="không còn tên để in"):
        certificates.reissue(credential=Credential.objects.get(), why="lost", words="", by=officer, at=cast.NOW)


def test_invariants_hold_after_it(person, capsys):
    erase(person)
    call_command("audit_invariants")
