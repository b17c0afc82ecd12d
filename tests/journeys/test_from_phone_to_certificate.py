"""The platform's main job, over HTTP: a newcomer with a phone, and the province's manager who sees it."""

import io
import re
from typing import Any

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from certificates.models import Credential
from demo.models import PhoneMessage
from quizzes.models import Attempt
from tests import cast

pytestmark = pytest.mark.django_db


def log_in_by_code(client: Client, commits: Any, phone: str = "0912 345 678", there: str = "") -> None:
    with commits(execute=True):
        client.post("/tai-khoan/dien-thoai/", {"phone": phone, "next": there})
    body = PhoneMessage.objects.latest("received_at").body
    code = re.search(r"\d{6}", body)[0]
    client.post(f"/tai-khoan/ma/?next={there}", {"code": code, "action": "verify"})


def sign_up(client: Client, name: str = "Trần Thị Bé Ba", there: str = "") -> None:
    client.post("/tai-khoan/ho-so/ten/", {"name": name, "birth_year": "1975", "kind": "subject"})
    client.post("/tai-khoan/ho-so/noi-o/", {"place": cast.commune().pk})
    client.post(
        "/tai-khoan/ho-so/dong-y/",
        {
            "subject_name": "Tôm khô Bé Ba",
            "subject_kind": "household",
            "subject_role": "head",
            "learning-record": "on",
            "next": there,
        },
    )


def test_from_the_first_lesson_to_the_board(django_capture_on_commit_callbacks):
    course = cast.course(lessons=2, with_quiz=True)
    cast.award(course)
    learner, buyer = Client(), Client()

    lesson = learner.get("/khoa-hoc/ke-chuyen/bai-1/")
    assert lesson.status_code == 200
    assert "Đăng ký hoặc đăng nhập để học tiếp" in lesson.text
    assert learner.get("/khoa-hoc/ke-chuyen/bai-2/").status_code == 403

    log_in_by_code(learner, django_capture_on_commit_callbacks, there="/khoa-hoc/ke-chuyen/bai-1/")
    with django_capture_on_commit_callbacks(execute=True):
        sign_up(learner)
        for activity in course.activities.filter(kind="lesson"):
            learner.post(f"/hoc/bai/{activity.translation_key}/xong/")
        quiz = course.activities.get(kind="quiz")
        learner.post(f"/kiem-tra/{quiz.translation_key}/bat-dau/")
        attempt = Attempt.objects.get()
        for item in attempt.items.all():
            answer = {"answer": cast.posted(item, "a"), "revision": "0", "go": "next"}
            learner.post(f"/kiem-tra/luot/{attempt.pk}/cau/{item.position}/", answer)
        learner.post(f"/kiem-tra/luot/{attempt.pk}/nop/")

    assert "Đạt" in learner.get(f"/kiem-tra/luot/{attempt.pk}/ket-qua/").text
    credential = Credential.objects.get()
    assert credential.number == "0001/GCN-MẪU"
    mine = learner.get("/c/cua-toi/").text
    assert credential.code[:4] in mine
    pdf = learner.get(f"/c/{credential.code}/pdf/")
    assert pdf.content.startswith(b"%PDF")

    seen = buyer.get(f"/c/{credential.code}").text
    assert "Còn hiệu lực" in seen
    assert "Trần Thị Bé Ba" in seen
    assert "1975" not in seen
    assert "Phan Ngọc Hiển" not in seen

    manager = cast.client_of(cast.staff("manager", cast.province("Cà Mau")))
    assert "Xã Phan Ngọc Hiển" in manager.get("/quan-tri/tien-do/").text
    book = CalamineWorkbook.from_filelike(io.BytesIO(manager.get("/quan-tri/tien-do/xlsx/").getvalue()))
    rows = book.get_sheet_by_name("Địa bàn").to_python()
    assert rows[-1][1:] == [1, 1, 1, 1, 100, 1]


def test_what_was_typed_survives_a_lost_session(django_capture_on_commit_callbacks):
    client = Client()
    log_in_by_code(client, django_capture_on_commit_callbacks)
    client.post("/tai-khoan/ho-so/ten/", {"name": "Danh Sà Mây", "birth_year": "", "kind": "official"})
    again = Client()
    log_in_by_code(again, django_capture_on_commit_callbacks)
    assert again.get("/tai-khoan/ho-so/").url == "/tai-khoan/ho-so/noi-o/"
    assert "Danh Sà Mây" in again.get("/tai-khoan/ho-so/ten/").text
