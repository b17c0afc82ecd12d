"""Workshops with delegates, tests and feedback, for what is printed of them; and the words of a PDF."""

from typing import Any

import pypdfium2

from tests import cast
from workshops import actions
from workshops.models import (
    Attendance,
    FeedbackSheet,
    FormQuestion,
    HallTest,
    Registration,
    RegistrationSource,
    TestSheet,
    Workshop,
)


def words_of(data: bytes) -> str:
    pages = pypdfium2.PdfDocument(data)
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in pages).split())


def subject(workshop: Workshop, name: str, place: Any = None, kind: str = "household", **more: Any) -> Registration:
    person = cast.person(name, place, subject_name=f"Cơ sở {name}", subject_kind=kind)
    return _registered(workshop, person, **more)


def official(workshop: Workshop, name: str, level: str, place: Any = None, **more: Any) -> Registration:
    kind = {"kind": "official", "subject_name": "", "subject_kind": "", "subject_role": "", "official_level": level}
    return _registered(workshop, cast.person(name, place, **kind), **more)


def _registered(workshop: Workshop, person: Any, **more: Any) -> Registration:
    said = {"source": RegistrationSource.NOMINATED, "at": cast.NOW} | more
    return actions.register(workshop=workshop, person=person, **said)


def here(*registrations: Registration) -> None:
    for one in registrations:
        for session in one.workshop.sessions.filter(cancelled_at=None):
            Attendance.objects.create(
                session=session, registration=one, way="sheet", occurred_at=cast.NOW, recorded_at=cast.NOW
            )


def sat(workshop: Workshop, *pairs: tuple[Registration, int | None, int | None], anonymous: bool = False) -> None:
    """Of ten questions each."""
    for moment, at in (("before", 1), ("after", 2)):
        test = HallTest.objects.create(workshop=workshop, moment=moment, made_at=cast.NOW, is_anonymous=anonymous)
        for pair in pairs:
            if pair[at] is not None:
                TestSheet.objects.create(
                    test=test, registration=None if anonymous else pair[0], badge=pair[0].number, right=pair[at],
                    questions=10, answers={"1": "B"}, source="paper", handed_in_at=cast.NOW,
                )  # fmt: skip


def feedback(workshop: Workshop, sheets: int, quotable: int = 0) -> None:
    """A question of five levels, one of faces, one to write."""
    scale, faces, written = (
        FormQuestion.objects.create(workshop=workshop, stage="feedback", label=label, kind=kind)
        for label, kind in (("Nội dung", "scale"), ("Buổi học", "faces"), ("Góp ý", "text"))
    )
    for number in range(sheets):
        answers = {str(scale.pk): 4 + number % 2, str(faces.pk): 3, str(written.pk): f"Ý kiến số {number}"}
        FeedbackSheet.objects.create(
            workshop=workshop, answers=answers, source="phone", given_on=cast.NOW.date(), is_quotable=number < quotable
        )
