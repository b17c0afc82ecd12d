"""A long text is read as lines above its box; the words on screen are those that the ledger keeps, no more and no less."""

import html
import re

import pytest

from accounts import actions
from accounts.models import ConsentText
from tests import cast

pytestmark = pytest.mark.django_db
SHORT = "Tôi đồng ý với những điều này, để ghi kết quả học."


def lines(page):
    """The words of the lines, as they stand on the page."""
    block = re.search(r"<ul[^>]*lang=[^>]*>((?:<li>[^<]+</li>){2,})</ul>", page)[1]
    return html.unescape(" ".join(re.findall(r"<li>([^<]+)</li>", block)))


@pytest.fixture
def newcomer():
    client = cast.client_of(actions.user_for_phone(phone="+84912345678", at=cast.NOW))
    client.post("/tai-khoan/ho-so/ten/", {"name": "Trần Thị Út", "kind": "official"})
    client.post("/tai-khoan/ho-so/noi-o/", {"place": cast.commune().pk})
    return client


@pytest.fixture
def trainee():
    return cast.trainee()


def test_no_wording_loses_or_gains_a_word_as_lines():
    for text in ConsentText.objects.all():
        assert " ".join(text.sentences) == text.body
        assert all(sentence.endswith(".") for sentence in text.sentences)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_is_shown_at_the_last_step_is_what_is_kept(newcomer, language):
    prefix = "" if language == "vi" else "/en"
    page = newcomer.get(f"{prefix}/tai-khoan/ho-so/dong-y/").text
    newcomer.post(
        f"{prefix}/tai-khoan/ho-so/dong-y/", {"official_level": "commune", "learning-record": "on", "messages": "on"}
    )
    kept = ConsentText.objects.filter(consents__isnull=False, language=language)
    assert lines(page) == kept.get(purpose="learning-record").body
    assert kept.get(purpose="messages").body in page


def test_the_box_says_one_sentence_and_refers_to_the_lines(newcomer):
    page = newcomer.get("/tai-khoan/ho-so/dong-y/").text
    assert f">{SHORT}</label>" in page
    assert '<ul id="id_learning-record_helptext"' in page
    assert re.search(r'<input [^>]*name="learning-record"[^>]*aria-describedby="id_learning-record_helptext"', page)
    refused = newcomer.post("/tai-khoan/ho-so/dong-y/", {"official_level": "commune"}).text
    assert f'href="#id_learning-record">{SHORT}</a>' in refused


def test_the_account_and_the_page_to_take_back_fold_the_lines(trainee):
    client = cast.client_of(trainee)
    running = trainee.person.consents.get(text__purpose="learning-record")
    for address in ("/tai-khoan/", f"/tai-khoan/dong-y/{running.pk}/rut-lai/"):
        page = client.get(address).text
        folded = re.search(r"<details.*?</details>", page, re.DOTALL)[0]
        assert "Ghi kết quả học" in folded
        assert lines(folded) == running.text.body
        assert page.count("<details") == 1


def test_who_is_asked_again_reads_the_same_lines(trainee):
    client = cast.client_of(trainee)
    running = trainee.person.consents.get(text__purpose="learning-record")
    client.post(f"/tai-khoan/dong-y/{running.pk}/rut-lai/")
    assert lines(client.get("/tai-khoan/dong-y/").text) == running.text.body


def test_an_officer_reads_all_of_it_out_from_the_form():
    officer = cast.client_of(cast.staff("manager", cast.commune()))
    page = html.unescape(officer.get("/quan-tri/nguoi/dang-ky/").text)
    assert cast.texts()[0].body in page
    assert SHORT in page
