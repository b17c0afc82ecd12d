"""All of a workshop as a workbook. Cells of words are words: a name that begins with = is none of a formula, 0912… keeps its nought."""

import io
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import override

from courses.models import Completion
from lib import phones, sheets
from provinces.queries import units_of_today
from workshops import parallel, queries
from workshops.forms import YES_NO
from workshops.models import (
    Attendance,
    FeedbackSheet,
    FollowUp,
    FormQuestion,
    Gender,
    Moment,
    QuestionKind,
    Registration,
    RegistrationSource,
    RegistrationState,
    Session,
    SheetSource,
    Stage,
    TestSheet,
    Workshop,
)
from workshops.reporting.measures import LEAST
from workshops.reporting.rolls import Delegate

LISTS = ("delegates", "attendance", "tests", "feedback", "calls")
MOMENTS = "dd/mm/yyyy hh:mm"
WIDE, MIDDLE, NARROW = 32, 20, 9


@override("vi")
def workbook(
    workshop: Workshop,
    delegates: Sequence[Delegate],
    *,
    lists: Collection[str],
    is_whole: bool,
    calls: Iterable[FollowUp] = (),
) -> bytes:
    """Of these delegates, and of the calls to them those that may be seen. Sheets that name nobody are of all of them, and go to whoever
    sees all (`is_whole`)."""
    made = {
        "delegates": lambda: _delegates(workshop, delegates),
        "attendance": lambda: _attendance(workshop, delegates),
        "tests": lambda: _tests(workshop, delegates, is_whole=is_whole),
        "feedback": lambda: _feedback(workshop, is_whole=is_whole),
        "calls": lambda: _calls(calls, {one.pk: one for one in delegates}),
    }
    output = io.BytesIO()
    sheets.write_tables(output, [made[name]() for name in LISTS if name in lists], moments=MOMENTS)
    return output.getvalue()


def _said(answer: Any, question: FormQuestion) -> Any:
    if isinstance(answer, list):
        return "; ".join(map(str, answer))
    if question.kind == QuestionKind.YES_NO:
        return str(dict(YES_NO).get(answer, answer or ""))
    return "" if answer is None else answer


def _questions(workshop: Workshop, stage: Stage) -> list[FormQuestion]:
    return list(FormQuestion.objects.filter(workshop=workshop, stage=stage))


def _delegates(workshop: Workshop, delegates: Sequence[Delegate]) -> sheets.Table:
    asked = _questions(workshop, Stage.REGISTRATION)
    today = units_of_today({one.place_id for one in delegates})
    states, sources = dict(RegistrationState.choices), dict(RegistrationSource.choices)
    genders = {value: str(label) for value, label in Gender.choices}
    has_rooms = any(one.room for one in delegates)
    people = dict(Registration.objects.filter(workshop=workshop).values_list("pk", "person"))
    completed = set(
        Completion.objects.filter(activity=workshop.activity_id).values_list("enrolment__person", flat=True)
    )
    certificates = {person: one.number for person, one in queries.certificates_of(workshop, people.values()).items()}
    columns = [
        ("Số thẻ", NARROW), ("Họ và tên", WIDE), ("Năm sinh", NARROW), ("Giới tính", NARROW), ("Thành phần", WIDE), ("Chức vụ", MIDDLE), ("Đơn vị, chủ thể", WIDE),
        ("Địa bàn lúc đăng ký", WIDE), ("Địa bàn hiện nay", WIDE), ("Điện thoại", 16), ("Tình trạng", MIDDLE), ("Nguồn", MIDDLE),
        ("Đi thay", MIDDLE), ("Ghi chú", MIDDLE), ("Đăng ký lúc", 16), *([("Phòng", MIDDLE)] if has_rooms else []),
        ("Hoàn thành lớp", NARROW), ("Số giấy chứng nhận", MIDDLE), *((question.label, MIDDLE) for question in asked),
    ]  # fmt: skip
    rows = (
        [
            one.number, one.name, one.birth_year, genders.get(one.gender, ""), one.component, one.post, one.unit, one.place, today[one.place_id].full_name, phones.local(one.phone),
            str(states.get(one.state, one.state)), str(sources.get(one.source, one.source)), one.instead_of, one.remark,
            timezone.make_naive(one.registered_at), *([one.room] if has_rooms else []),
            "có" if people[one.pk] in completed else "", certificates.get(people[one.pk], ""), *(_said(one.answers.get(str(question.pk)), question) for question in asked),
        ]
        for one in delegates
    )  # fmt: skip
    return sheets.Table("Đại biểu", columns, rows)


def _attendance(workshop: Workshop, delegates: Sequence[Delegate]) -> sheets.Table:
    slots = parallel.of(workshop)
    held = [session for slot in slots for session in slot.sessions]
    here: dict[tuple[int, int], Any] = {
        (registration, session): timezone.make_naive(at)
        for registration, session, at in Attendance.objects.filter(session__in=held, taken_back_at=None).values_list(
            "registration", "session", "occurred_at"
        )
    }
    columns = [
        ("Số thẻ", NARROW),
        ("Họ và tên", WIDE),
        ("Đơn vị, chủ thể", WIDE),
        *((_session(one), MIDDLE) for one in held),
    ]
    columns.append(("Số buổi có mặt", NARROW))
    counted = (one for one in delegates if one.holds or any((one.pk, session.pk) in here for session in held))
    slot_of = {session: number for number, slot in enumerate(slots) for session in slot.sessions}
    rows = (_presence(one, {session: here.get((one.pk, session.pk)) for session in held}, slot_of) for one in counted)
    return sheets.Table("Điểm danh", columns, rows)


def _presence(one: Delegate, here: Mapping[Session, Any], slot_of: Mapping[Session, int]) -> list[Any]:
    """Parallel rooms count once, as in the report."""
    slots = {slot_of[session] for session, at in here.items() if at is not None}
    return [one.number, one.name, one.unit, *here.values(), len(slots)]


def _session(one: Session) -> str:
    room = f", {one.room}" if one.room else ""
    return f"{one.name} ({timezone.localtime(one.starts_at):%d/%m %H:%M}{room})"


def _tests(workshop: Workshop, delegates: Sequence[Delegate], *, is_whole: bool) -> sheets.Table:
    names = {one.pk: one.name for one in delegates}
    found = TestSheet.objects.filter(test__workshop=workshop).select_related("test").order_by("badge", "-test__moment")
    named = [one for one in found if not one.test.is_anonymous and one.registration_id in names]
    unnamed = _enough([one for one in found if one.test.is_anonymous]) if is_whole else []
    numbers = sorted(
        {str(number) for one in [*named, *unnamed] for number in one.answers}, key=lambda said: (len(said), said)
    )
    columns = [
        ("Số thẻ", NARROW),
        ("Họ và tên", WIDE),
        ("Bài", MIDDLE),
        ("Số câu đúng", NARROW),
        ("Số câu", NARROW),
        ("Kết quả", MIDDLE),
    ]
    columns += [("Nguồn", MIDDLE), *((f"Câu {number}", NARROW) for number in numbers)]
    rows = [[one.badge, names.get(one.registration_id or 0, ""), *_sheet(one, numbers)] for one in named]
    # By what was answered and without the badge, whose number stands beside a name in another sheet.
    rows += [["", "", *said] for said in sorted(([*_sheet(one, numbers)] for one in unnamed), key=repr)]
    return sheets.Table("Bài kiểm tra", columns, rows)


def _enough(unnamed: Sequence[TestSheet]) -> list[TestSheet]:
    """Of tests that so many did that none of them can be told apart, as in the report."""
    of_each = Counter(one.test_id for one in unnamed)
    return [one for one in unnamed if of_each[one.test_id] >= LEAST]


def _sheet(one: TestSheet, numbers: Sequence[str]) -> Iterator[Any]:
    has_passed = one.right * 100 >= one.test.pass_percent * one.questions
    yield from (str(Moment(one.test.moment).label), one.right, one.questions, "đạt" if has_passed else "chưa đạt")
    yield str(SheetSource(one.source).label)
    yield from (str(one.answers.get(number, "")) for number in numbers)


def _feedback(workshop: Workshop, *, is_whole: bool) -> sheets.Table:
    """In the order of what was answered, so that no place in the list tells whose it is; what few answered is not told, as in the report."""
    found = (
        list(FeedbackSheet.objects.filter(workshop=workshop).values_list("answers", "is_quotable")) if is_whole else []
    )
    if 0 < len(found) < LEAST:
        said = f"{len(found)} phiếu, dưới {LEAST} phiếu nên không nêu từng phiếu."
        return sheets.Table("Phiếu đánh giá", [("Phiếu đánh giá", WIDE)], [[said]])
    questions = _questions(workshop, Stage.FEEDBACK)
    asked = [(one, _is_told(one, [answers for answers, _quotable in found])) for one in questions]
    rows = sorted((_opinion(answers, asked, is_quotable=quotable) for answers, quotable in found), key=repr)
    columns = [
        (one.label if is_told else f"{one.label} (dưới {LEAST} người trả lời nên không nêu)", WIDE)
        for one, is_told in asked
    ]
    return sheets.Table("Phiếu đánh giá", [*columns, ("Cho trích", NARROW)], rows)


def _calls(calls: Iterable[FollowUp], known: Mapping[int, Delegate]) -> sheets.Table:
    """Months afterwards, with the three answers; by the number on the badge."""
    columns = [
        ("Số thẻ", NARROW), ("Họ và tên", WIDE), ("Đơn vị, chủ thể", WIDE), ("Cuộc gọi", MIDDLE), ("Gọi lúc", 16),
        ("Đã áp dụng", MIDDLE), ("Việc đã làm, kết quả", WIDE), ("Còn vướng, cần giúp", WIDE),
    ]  # fmt: skip
    told = [(known[one.registration_id], one) for one in calls if one.registration_id in known]
    rows = (
        [
            delegate.number, delegate.name, delegate.unit, one.get_outcome_display(),
            timezone.make_naive(one.called_at) if one.called_at else "", one.get_used_display(), one.what, one.hindrance,
        ]
        for delegate, one in sorted(told, key=lambda pair: pair[0].number)
    )  # fmt: skip
    return sheets.Table("Gọi lại sau lớp", columns, rows)


def _is_told(question: FormQuestion, sheets_of: Sequence[Mapping[str, Any]]) -> bool:
    """What is written is read by whoever runs the workshop, however few wrote."""
    answered = sum(answers.get(str(question.pk)) not in (None, "", []) for answers in sheets_of)
    return question.kind == QuestionKind.TEXT or not sheets_of or answered >= LEAST


def _opinion(answers: Mapping[str, Any], asked: Sequence[tuple[FormQuestion, bool]], *, is_quotable: bool) -> list[Any]:
    told = (_said(answers.get(str(one.pk)), one) if is_told else "" for one, is_told in asked)
    return [*told, "có" if is_quotable else "không"]
