"""What tests of the hall need: a bank whose right letter is known, delegates with badges, and who was there."""

from quizzes.models import QuestionBank
from tests import cast
from workshops import actions
from workshops.models import Attendance, RegistrationSource


def bank(single=8, truefalse=4, name="Ngân hàng OCOP"):
    made = QuestionBank.objects.create(name=name, topic=cast.topic())
    for number in range(single):
        cast.question(made, f"s{number}", difficulty=1 + number % 2)
    for number in range(truefalse):
        cast.question(made, f"t{number}", kind="truefalse", data={"right": bool(number % 2)}, difficulty=3)
    return made


def papers(workshop, by, questions=5, made_from=None, **more):
    said = {"pass_percent": 60, "is_anonymous": False} | more
    return actions.make_tests(
        workshop=workshop, bank=made_from or bank(), questions=questions, by=by, at=cast.NOW, **said
    )


def opened(test, by):
    return actions.open_test(test=test, by=by, at=cast.NOW)


def delegate(workshop, name="Trần Thị Út", phone="+84912345678", **fields):
    return actions.register(
        workshop=workshop,
        person=cast.person(name, contact_phone=phone, **fields),
        source=RegistrationSource.NOMINATED,
        at=cast.NOW,
    )


def present(registration):
    session = registration.workshop.sessions.first()
    return Attendance.objects.create(
        session=session, registration=registration, way="search", occurred_at=cast.NOW, recorded_at=cast.NOW
    )
