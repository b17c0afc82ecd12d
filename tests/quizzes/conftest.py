import re
import tempfile
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.test import Client

from accounts.models import User
from courses.models import Course
from quizzes import actions
from quizzes.models import Attempt, QuestionBank, Quiz
from tests import cast
from tests.conftest import made_for_a_file

IN_MEMORY = Path("/dev/shm")  # noqa: S108 (Linux's; what is put there is a folder that belongs to us)


@dataclass
class Taking:
    """A trainee at the first question of a quiz of three; "a" is right everywhere."""

    course: Course
    quiz: Quiz
    user: User
    attempt: Attempt
    client: Client

    def path(self, rest: str) -> str:
        return f"/kiem-tra/luot/{self.attempt.pk}/{rest}"

    def posted(self, position: int, value: object) -> object:
        """What a browser sends for a choice."""
        item = self.attempt.items.filter(position=position).first()
        return cast.posted(item, value) if item and isinstance(value, str) else value

    def answer(self, position: int, value: object, revision: int = 0, *, auto: bool = False, **extra: object):
        data = {"answer": self.posted(position, value), "revision": revision} | extra
        return self.client.post(self.path(f"cau/{position}/" + ("luu/" if auto else "")), data)

    def press_on(self, position: int):
        """The main button of a question's page, with nothing answered."""
        button = re.search(r'<button [^>]*name="go" value="(\w+)"', self.client.get(self.path(f"cau/{position}/")).text)
        return self.client.post(self.path(f"cau/{position}/"), {"revision": 0, "go": button[1]})


@pytest.fixture
def taking(made_taking: Taking, db: None) -> Taking:
    return deepcopy(made_taking)


def _take() -> Taking:
    course = cast.course(lessons=0, with_quiz=True)
    user = cast.trainee()
    quiz = Quiz.objects.get()
    enrolment = cast.enrolment(user.person, course)
    attempt = actions.start_attempt(enrolment=enrolment, quiz=quiz, language="vi", at=cast.NOW)
    return Taking(course, quiz, user, attempt, cast.client_of(user))


made_taking = made_for_a_file(_take)


@pytest.fixture
def quiz(made_quiz: Quiz, db: None) -> Quiz:
    """Three questions, of which "a" is the right choice everywhere; nobody has begun."""
    return deepcopy(made_quiz)


def _offer() -> Quiz:
    cast.course(lessons=0, with_quiz=True)
    return Quiz.objects.get()


made_quiz = made_for_a_file(_offer)


@pytest.fixture
def bank(db) -> QuestionBank:
    return QuestionBank.objects.create(name="Muối")


@pytest.fixture
def editor(bank):
    return cast.client_of(cast.staff("editor"))


@pytest.fixture(scope="module")
def parts_of_workbooks_in_memory() -> Iterator[None]:
    """A workbook is put together from nine files; where hundreds are made they wait for the disk most of the time."""
    with pytest.MonkeyPatch.context() as patched:
        if IN_MEMORY.is_dir():
            patched.setattr(tempfile, "tempdir", str(IN_MEMORY))
        yield
