"""Names with what cannot be seen, or with letters that grow: stored as they look, or refused with a sentence."""

import unicodedata
from uuid import uuid4

import pytest
from django.test import Client

from accounts import actions, rules
from accounts.models import Person, PhoneChange, Subject
from provinces.queries import search_communes
from tests import cast

pytestmark = pytest.mark.django_db
HIDDEN = ["\u200b", "\u200d", "\u202e", "\x07", "\0", "\u3164"]
GROWING = "ﬃ" * 90  # 90 letters on the form, 270 when folded
SIGN_UP = "/tai-khoan/ho-so/"


@pytest.fixture
def newcomer():
    return cast.client_of(actions.user_for_phone(phone="+84912345678", at=cast.NOW))


def sign_up(client, name="Trần Thị Út", subject="Tôm khô Út"):
    client.post(SIGN_UP + "ten/", {"name": name, "kind": "subject"})
    client.post(SIGN_UP + "noi-o/", {"place": cast.commune().pk})
    role = {"subject_name": subject, "subject_kind": "household", "subject_role": "head", "learning-record": "on"}
    return client.post(SIGN_UP + "dong-y/", role)


@pytest.fixture
def officer():
    return cast.client_of(cast.staff("manager", cast.commune()))


def register(client, **fields):
    form = {
        "name": "Danh Sà Mây", "place": "rach goc", "kind": "subject", "subject_name": "Ba khía Sà Mây",
        "subject_kind": "household", "subject_role": "head", "how": "paper", "learning-record": "on", "form_token": str(uuid4()),
    }  # fmt: skip
    return client.post("/quan-tri/nguoi/dang-ky/", form | fields)


@pytest.mark.parametrize("mark", HIDDEN, ids=ascii)
def test_whoever_signs_up_is_stored_as_the_name_looks(newcomer, mark):
    sign_up(newcomer, f"Trần{mark} Thị Út{mark}", f"{mark}Tôm khô{mark} Út")
    person = Person.objects.get()
    assert (person.name, person.subject.name) == ("Trần Thị Út", "Tôm khô Út")


@pytest.mark.parametrize("mark", HIDDEN, ids=ascii)
def test_an_officer_who_pastes_a_name_stores_it_as_it_looks(officer, mark):
    register(officer, name=f"Danh{mark} Sà Mây", subject_name=f"Ba khía{mark} Sà Mây")
    person = Person.objects.get(name="Danh Sà Mây")
    assert person.subject.name == "Ba khía Sà Mây"


def test_the_same_subject_with_a_hidden_mark_is_not_a_second_one(newcomer):
    cast.person()
    sign_up(newcomer, "Lê Thị Ba", "Tôm\u200b khô Út")
    assert Subject.objects.count() == 1


@pytest.mark.parametrize("name", ["\u200b\u202e", "\u3164\u3164\u3164", " \0 "], ids=ascii)
def test_a_name_of_nothing_that_can_be_seen_is_asked_for_again(newcomer, name):
    assert "Hãy nhập họ và tên" in newcomer.post(SIGN_UP + "ten/", {"name": name, "kind": "subject"}).text
    assert "Hãy ghi tên chủ thể" in sign_up(newcomer, subject=name).text
    assert not Person.objects.exists()


def test_a_name_that_grows_beyond_its_column_is_refused_with_what_to_do(newcomer, officer):
    assert "dài quá" in newcomer.post(SIGN_UP + "ten/", {"name": GROWING, "kind": "subject"}).text
    assert "dài quá" in sign_up(newcomer, subject=GROWING).text
    assert "dài quá" in register(officer, name=GROWING).text
    assert "dài quá" in register(officer, subject_name=GROWING).text
    assert not Person.objects.exists()


def test_a_name_that_grows_is_kept_to_its_columns_whichever_way_it_comes():
    person = cast.person("ﬃ" * 100, subject_name="ß" * 150)
    person.refresh_from_db()
    person.subject.refresh_from_db()
    assert (len(person.search), len(person.subject.search)) == (120, 200)
    assert len(person.sort_key) <= 500
    cast.person("Lê Thị Ba", subject_name="ß" * 150)
    assert Subject.objects.count() == 1, "found again by what is kept"


@pytest.mark.parametrize("typed", [GROWING, "ß" * 100, "rach\u200b goc", "rach goc\u202e", "rach\x07 goc"], ids=ascii)
def test_a_search_for_a_commune_bears_what_is_typed(typed):
    answer = Client().get("/tai-khoan/noi-o/tim/", {"q": typed})
    assert answer.status_code == 200
    found = "Phan Ngọc Hiển" in str(answer.json())
    assert found is typed.startswith("rach")
    assert bool(search_communes(typed)) is found


def test_a_request_for_a_new_number_keeps_the_name_as_it_looks():
    form = {
        "name": "Trần\u202e Thị Út",
        "place": "rach\u200b goc",
        "old_phone": "0912345678",
        "new_phone": "0987654321",
    }
    Client().post("/tai-khoan/mat-so/", form)
    assert PhoneChange.objects.get().name == "Trần Thị Út"


NAMES = {
    "Vietnamese": "Nguyễn Thị Bé Ba",
    "decomposed": unicodedata.normalize("NFD", "Nguyễn Thị Út"),
    "a mark without a letter of its own": "Q\u0303ua Thị Ba",
    "Khmer": "ថាច់ សុវណ្ណារ៉ា",
    "Khmer, one syllable": "លី",
    "Chăm": "ꨚꨯ ꨣꨯꨟꨮ",
    "Ê Đê": "H’Hen Niê",
    "with a hyphen": "Y Blir-Kpă",
}
NO_NAMES = {
    "digits": "Trần Thị 2",
    "Khmer digits": "ថាច់ ១២",
    "an address": "https://vi.example",
    "an emoji": "Trần Thị Út 🦐",
    "a digit in a box": "Út 1\ufe0f\u20e3",
    "a letter in a circle": "Út A\u20dd",
    "marks alone": "\u0301\u0302\u0303",
    "a mark before its letter": "\u17b8ល Út",
    "marks that pour over what is around": "Út" + "\u0301" * 5,
    "one letter": "Ú",
    "one letter, decomposed": "U\u0301",
    "signs": "- . '",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_names_are_written_in_the_letters_of_whoever_bears_them(name):
    assert rules.looks_like_a_name(name)


@pytest.mark.parametrize("name", NO_NAMES.values(), ids=NO_NAMES.keys())
def test_what_is_no_name_in_any_script_is_refused(name):
    assert not rules.looks_like_a_name(name)


def test_a_khmer_producer_signs_up_and_is_found(newcomer, officer):
    sign_up(newcomer, "ថាច់ សុវណ្ណារ៉ា")
    assert Person.objects.get().name == "ថាច់ សុវណ្ណារ៉ា"
    assert "ថាច់ សុវណ្ណារ៉ា" in officer.get("/quan-tri/person/", {"q": "សុវណ្ណារ៉ា"}).text
