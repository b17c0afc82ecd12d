"""A bank belongs to the whole country or was written for one province; the list says which."""

from quizzes.models import QuestionBank
from tests import cast

ADD = "/quan-tri/questionbank/new/"


def test_a_bank_may_be_written_for_one_province(editor):
    editor.post(ADD, {"name": "Muối Cà Mau", "topic": "", "owner_place": cast.province().pk})
    editor.post(ADD, {"name": "Cả nước", "topic": "", "owner_place": ""})
    banks = {bank.name: bank.owner_place for bank in QuestionBank.objects.exclude(name="Muối")}
    assert banks == {"Muối Cà Mau": cast.province(), "Cả nước": None}
    narrowed = editor.get("/quan-tri/questionbank/", {"owner_place": cast.province().pk}).text
    assert "Muối Cà Mau" in narrowed
    assert "Cả nước</a>" not in narrowed


def test_a_commune_owns_no_bank_and_that_is_said(editor):
    page = editor.post(ADD, {"name": "Muối xã", "topic": "", "owner_place": cast.commune().pk})
    assert page.status_code == 200
    assert not QuestionBank.objects.filter(name="Muối xã").exists()
