"""A province's bank is its own; others read it or write in it where it lets them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection

from accounts import actions as accounts
from accounts.models import User
from courses.models import CoursePage
from lib.refusals import Refusal
from provinces.models import Place
from quizzes import access, actions
from quizzes.models import Question, QuestionBank, Quiz
from quizzes.queries import newest_versions
from tests import cast

from .question_forms import ADD, edit, typed

pytestmark = pytest.mark.once

BANKS, QUESTIONS, MANY = "/quan-tri/questionbank/", "/quan-tri/question/", "/quan-tri/question/nhieu/"
REVIEW = "/quan-tri/ra-soat/"
SECRET = "Kể chuyện muối Bạc Liêu"


def author(province: str = "Cà Mau", phone: str = "0987654301") -> User:
    return cast.staff("author", cast.province(province), phone, f"Người soạn {province}")


def bank_of(province: str, name: str = "Muối Lào Cai", **sharing) -> QuestionBank:
    bank = QuestionBank.objects.create(name=name, owner_place=cast.province(province))
    return share(bank, **sharing)


def share(bank: QuestionBank, *, readers=(), writers=(), is_open: bool = False) -> QuestionBank:
    bank.is_open = is_open
    bank.save()
    bank.readers.set([cast.province(name) for name in readers])
    bank.writers.set([cast.province(name) for name in writers])
    return bank


@pytest.fixture
def foreign(db) -> Question:
    """In a bank of Lào Cai that is shared with nobody."""
    return cast.question(bank_of("Lào Cai"), "la-1", stem=SECRET, tags=["nhãn lạ"])


def looks_at(user: User, question: Question) -> dict[str, bool]:
    """Which pages about a question somebody is let into, and whether its words are in the lists."""
    client, pk = cast.client_of(user), question.pk
    pages = {
        "inspect": f"{QUESTIONS}inspect/{pk}/", "preview": f"/quan-tri/cau-hoi/{pk}/xem-thu/", "history": f"{QUESTIONS}history/{pk}/",
        "usage": f"{QUESTIONS}usage/{pk}/", "analysis": f"/quan-tri/cau-hoi/{pk}/phan-tich/",
    }  # fmt: skip
    lists = {"list": QUESTIONS, "banks": BANKS, "many": f"{MANY}?change=copy&all=1"}
    named = {"list": SECRET, "banks": question.bank.name, "many": SECRET}
    file = client.get(f"{QUESTIONS}xuat/?format=gift&download=1")
    return (
        {name: client.get(path).status_code == 200 for name, path in pages.items()}
        | {name: named[name] in client.get(path).text for name, path in lists.items()}
        | {"file": SECRET in file.text}
    )


def test_another_provinces_bank_is_not_there(foreign):
    assert set(looks_at(author(), foreign).values()) == {False}


@pytest.mark.parametrize("sharing", [{"readers": ["Cà Mau"]}, {"writers": ["Cà Mau"]}, {"is_open": True}])
def test_a_shared_bank_is_read_exported_and_previewed(foreign, sharing):
    share(foreign.bank, **sharing)
    assert set(looks_at(author(), foreign).values()) == {True}


def test_what_is_shared_with_one_province_is_not_shared_with_a_third(foreign):
    share(foreign.bank, readers=["Cà Mau"], writers=["Cà Mau"])
    assert set(looks_at(author("An Giang"), foreign).values()) == {False}


def test_a_bank_of_the_country_is_read_by_every_province_and_written_by_none(db):
    bank = QuestionBank.objects.create(name="Cả nước")
    question = cast.question(bank, "chung-1", stem=SECRET)
    user = author()
    assert set(looks_at(user, question).values()) == {True}
    assert cast.client_of(user).get(edit(question)).status_code == 404


def test_filters_of_the_list_name_nothing_of_a_bank_that_is_not_shared(foreign):
    page = cast.client_of(author()).get(QUESTIONS).text
    assert "nhãn lạ" not in page
    assert foreign.bank.name not in page
    narrowed = cast.client_of(author(phone="0987654302")).get(QUESTIONS, {"bank": foreign.bank.pk}).text
    assert SECRET not in narrowed


def words_of(question: Question) -> list[str]:
    return list(question.versions.values_list("stem", flat=True))


@pytest.mark.parametrize("sharing", [{}, {"readers": ["Cà Mau"]}, {"is_open": True}])
def test_who_may_only_read_changes_nothing(foreign, sharing):
    share(foreign.bank, **sharing)
    client = cast.client_of(author())
    assert client.get(edit(foreign)).status_code == 404
    client.post(edit(foreign), typed(foreign.bank, stem="Đã sửa?"))
    client.post(ADD, typed(foreign.bank, stem="Câu lạ?"))
    seen = {"seen": f"{foreign.pk}:{newest_versions([foreign.pk])[foreign.pk]}"}
    for change in ("approve", "retire", "reopen", "deal"):
        client.post(f"{MANY}?change={change}&all=1", seen)
    mine = bank_of("Cà Mau", "Của mình")
    client.post(f"{MANY}?change=move&all=1", seen | {"bank": mine.pk})
    foreign.refresh_from_db()
    assert (words_of(foreign), foreign.bank.name, foreign.form) == ([SECRET], "Muối Lào Cai", "")
    assert foreign.status == "reviewed"
    assert Question.objects.count() == 1


def test_a_change_to_many_does_not_tell_the_keys_of_what_is_not_shared(foreign):
    client, seen = cast.client_of(author()), {"seen": f"{foreign.pk}:{newest_versions([foreign.pk])[foreign.pk]}"}
    assert foreign.key not in client.post(f"{MANY}?change=retire", seen, follow=True).text


def test_who_may_write_edits_adds_and_approves_there(foreign):
    share(foreign.bank, writers=["Cà Mau"])
    client = cast.client_of(author())
    client.post(edit(foreign), typed(foreign.bank, stem="Câu đã sửa?"))
    client.post(ADD, typed(foreign.bank, stem="Câu thêm?", status="draft"))
    added = Question.objects.exclude(pk=foreign.pk).get()
    client.post(f"{MANY}?change=approve", {"seen": f"{added.pk}:{newest_versions([added.pk])[added.pk]}"})
    added.refresh_from_db()
    assert words_of(foreign) == ["Câu đã sửa?", SECRET]
    assert (added.bank, added.status) == (foreign.bank, "reviewed")


def test_who_may_write_neither_renames_nor_shares_the_bank(foreign):
    share(foreign.bank, writers=["Cà Mau"])
    user = author()
    assert cast.client_of(user).get(f"{BANKS}edit/{foreign.bank.pk}/").status_code == 404
    with pytest.raises(Refusal, match="của tỉnh mình"):
        actions.save_bank(bank=foreign.bank, readers=[], writers=[], by=user, at=cast.NOW)
    assert access.banks_to_write(user).filter(pk=foreign.bank.pk).exists()


def test_who_may_write_takes_no_question_away(foreign):
    share(foreign.bank, writers=["Cà Mau"])
    mine, client = bank_of("Cà Mau", "Của mình"), cast.client_of(author())
    seen = {"seen": f"{foreign.pk}:{newest_versions([foreign.pk])[foreign.pk]}", "bank": mine.pk}
    assert "không chuyển câu đi được" in client.post(f"{MANY}?change=move&id={foreign.pk}", seen, follow=True).text
    assert client.post(edit(foreign), typed(mine)).status_code == 200  # the form says that there is no such choice
    foreign.refresh_from_db()
    assert foreign.bank != mine


def test_nothing_is_moved_or_copied_into_a_bank_in_which_one_may_not_write_whatever_the_form_says(foreign):
    user, own = author(), cast.question(bank_of("Cà Mau", "Của mình"), "minh-1")
    for action in (actions.move_questions, actions.copy_questions):
        with pytest.raises(Refusal, match="không viết được"):
            action(seen=newest_versions([own.pk]), bank=foreign.bank, by=user, at=cast.NOW)


def test_nobody_makes_anothers_bank_ones_own_or_the_other_way_round(foreign):
    user, mine = author(), bank_of("Cà Mau", "Của mình")
    foreign.bank.owner_place, mine.owner_place = cast.province(), cast.province("Lào Cai")
    for bank in (foreign.bank, mine):
        with pytest.raises(Refusal, match="của tỉnh mình"):
            actions.save_bank(bank=bank, readers=[], writers=[], by=user, at=cast.NOW)
    owners = dict(QuestionBank.objects.values_list("name", "owner_place__name"))
    assert owners == {"Muối Lào Cai": "Lào Cai", "Của mình": "Cà Mau"}


def test_a_share_with_a_unit_that_is_no_more_stays_when_the_name_is_changed(db):
    bank = bank_of("Cà Mau", "Của mình", readers=["Lào Cai"])
    Place.objects.filter(pk=cast.province("Lào Cai").pk).update(valid_to=cast.NOW.date())
    form = {"name": "Tên khác", "topic": "", "owner_place": cast.province().pk, "readers": [bank.readers.get().pk]}
    cast.client_of(author()).post(f"{BANKS}edit/{bank.pk}/", form)
    bank.refresh_from_db()
    assert (bank.name, bank.readers.count()) == ("Tên khác", 1)


def test_a_bank_of_a_unit_that_is_no_more_comes_to_the_one_that_it_became(foreign):
    former = Place.objects.get(name="Bạc Liêu", level="province", valid_to__isnull=False)
    QuestionBank.objects.update(owner_place=former)
    user = author()
    assert access.banks_of(user).get() == foreign.bank
    assert cast.client_of(user).get(edit(foreign)).status_code == 200


def test_a_province_shares_its_bank_and_takes_that_back(db):
    client = cast.client_of(author())
    there, reader = cast.province(), author("Lào Cai", "0987654302")
    form = {"name": "Tôm khô", "topic": "", "owner_place": there.pk, "readers": [cast.province("Lào Cai").pk]}
    client.post(f"{BANKS}new/", form)
    bank = QuestionBank.objects.get()
    assert access.banks_visible_to(reader).get() == bank
    assert "1 tỉnh xem và dùng" in client.get(BANKS).text
    client.post(f"{BANKS}edit/{bank.pk}/", form | {"readers": []})
    assert not access.banks_visible_to(reader).exists()
    history = client.get(f"{BANKS}history/{bank.pk}/").text
    assert history.count("Đã đổi việc chia sẻ ngân hàng") == 2


def test_an_author_makes_banks_of_the_own_province_alone(db):
    client = cast.client_of(author())
    page = client.get(f"{BANKS}new/").text
    owners = page.partition('name="owner_place"')[2].partition("</select>")[0]
    assert "Cà Mau" in owners
    assert "Lào Cai" not in owners
    for owner in ("", cast.province("Lào Cai").pk):
        client.post(f"{BANKS}new/", {"name": "Lạ", "topic": "", "owner_place": owner})
    assert not QuestionBank.objects.exists()


def test_an_author_of_the_country_and_an_editor_write_everywhere(foreign):
    for user in (cast.staff("author", None, "0987654303"), cast.staff("editor", None, "0987654304")):
        assert cast.client_of(user).get(edit(foreign)).status_code == 200
        assert cast.client_of(user).get(f"{BANKS}edit/{foreign.bank.pk}/").status_code == 200


def test_a_role_that_is_over_opens_no_bank(foreign):
    user = author("Lào Cai")
    accounts.end_role(assignment=user.roles.get(), by=None, reason="Chuyển việc", at=cast.NOW)
    assert not access.banks_visible_to(User.objects.get(pk=user.pk)).exists()


@pytest.mark.parametrize(
    ("sharing", "is_named"), [({}, False), ({"readers": ["Cà Mau"]}, False), ({"writers": ["Cà Mau"]}, True)]
)
def test_what_waits_for_review_is_told_to_those_who_can_mend_it(foreign, sharing, is_named):
    share(foreign.bank, **sharing)
    Question.objects.update(needs_review_since=cast.NOW)
    client = cast.client_of(author())
    page = client.get(REVIEW).text
    assert (SECRET in page) == is_named
    client.post(REVIEW, {"only": f"quizzes.Question {foreign.pk} {cast.NOW.isoformat()}"})
    foreign.refresh_from_db()
    assert (foreign.needs_review_since is None) == is_named


def test_a_form_that_was_left_open_does_not_undo_what_was_shared_meanwhile(db):
    bank, user = bank_of("Cà Mau", "Của mình", readers=["An Giang"]), author()
    address = f"{BANKS}edit/{bank.pk}/"
    seen = cast.client_of(user).get(address).context["form"]["seen"].value()
    share(bank, writers=["Lào Cai"])
    chosen = [cast.province(name).pk for name in ("An Giang", "Đồng Tháp")]
    form = {"name": "Tên khác", "topic": "", "owner_place": cast.province().pk, "readers": chosen}
    page = cast.client_of(user).post(address, form | {"seen": seen})
    assert "một người khác đã sửa ngân hàng này hoặc việc chia sẻ" in page.text
    assert "Tên khác" in page.text
    assert sorted(map(int, page.context["form"]["readers"].value())) == sorted(chosen)
    assert (bank.readers.count(), bank.writers.get().name) == (0, "Lào Cai")
    cast.client_of(user).post(address, form | {"seen": page.context["form"]["seen"].value()})
    assert (bank.readers.count(), bank.writers.count()) == (2, 0)


def test_who_is_left_with_reading_while_typing_keeps_what_was_typed(foreign):
    share(foreign.bank, writers=["Cà Mau"])
    client = cast.client_of(author())
    assert client.get(edit(foreign)).status_code == 200
    share(foreign.bank, readers=["Cà Mau"])
    page = client.post(edit(foreign), typed(foreign.bank, stem="Gõ đã lâu?"))
    assert "việc chia sẻ vừa thay đổi" in page.text
    assert "Gõ đã lâu?" in page.text
    assert words_of(foreign) == [SECRET]


def test_the_history_of_everything_is_the_administrators(foreign):
    address = "/quan-tri/reports/site-history/"
    client = cast.client_of(author())
    for path in (address, f"{address}?export=csv", f"{address}results/"):
        assert client.get(path).status_code in (302, 403)
    assert address not in client.get("/quan-tri/").text
    assert cast.client_of(cast.staff("administrator", phone="0987654308")).get(address).status_code == 200


@pytest.mark.parametrize("change", ["approve", "retire", "reopen", "deal", "copy", "move"])
def test_numbers_beyond_any_question_change_nothing_and_break_nothing(db, change):
    mine = bank_of("Cà Mau", "Của mình")
    cast.question(mine, "minh-1")
    for seen in ("9" * 26 + ":1", "1:" + "9" * 26, "²:1", "1:1:1", "a"):
        page = cast.client_of(author_of_today()).post(f"{MANY}?change={change}&all=1", {"seen": seen, "bank": mine.pk})
        assert page.status_code in (302, 422)
    assert mine.questions.count() == 1


def author_of_today() -> User:
    return User.objects.filter(roles__role="author").first() or author()


@pytest.mark.parametrize("written", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "hôm qua"])
def test_a_moment_beyond_the_calendar_is_no_filter(db, written):
    assert cast.client_of(author()).get(QUESTIONS, {"written": written}).status_code == 200


def gift(words: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("cau.gift", f"// [id:tom]\n{words} {{=Đúng ~Sai}}".encode())


def bring(client, bank: QuestionBank, words: str):
    looked = client.post("/quan-tri/cau-hoi/nhap/", {"bank": bank.pk, "file": gift(words), "form": ""})
    plan = looked.context.get("plan") if looked.context else None
    if plan is None or plan.refusals:
        return looked
    return client.post("/quan-tri/cau-hoi/nhap/", {"token": looked.context["token"], "seen": plan.digest}, follow=True)


@pytest.mark.parametrize(("sharing", "count"), [({}, 1), ({"readers": ["Cà Mau"]}, 1), ({"writers": ["Cà Mau"]}, 2)])
def test_a_file_goes_only_into_banks_in_which_one_may_write(foreign, sharing, count):
    share(foreign.bank, **sharing)
    bring(cast.client_of(author()), foreign.bank, "Muối nào mặn?")
    assert foreign.bank.questions.count() == count


def test_a_file_does_not_change_a_question_that_was_moved_out_of_reach(foreign):
    mine, client = bank_of("Cà Mau", "Của mình"), cast.client_of(author())
    bring(client, mine, "Tôm nào khô?")
    moved = mine.questions.get()
    Question.objects.filter(pk=moved.pk).update(bank=foreign.bank)
    page = bring(client, mine, "Tôm nào khô nhất?")
    assert page.status_code == 422
    assert "mà anh/chị không sửa được" in page.text
    assert words_of(moved) == ["Tôm nào khô?"]


def copy(client, question: Question, bank: QuestionBank):
    seen = f"{question.pk}:{newest_versions([question.pk])[question.pk]}"
    return client.post(f"{MANY}?change=copy&id={question.pk}", {"seen": seen, "bank": bank.pk}, follow=True)


def test_a_question_that_one_may_read_is_copied_into_the_own_bank_and_lives_on_there(foreign):
    share(foreign.bank, readers=["Cà Mau"])
    actions.save_translation(
        version=foreign.versions.get(), language="en", stem="How to tell?", texts={}, explanation="So."
    )
    mine, client = bank_of("Cà Mau", "Của mình"), cast.client_of(author())
    assert "Chép sang ngân hàng khác" in client.get(f"{QUESTIONS}inspect/{foreign.pk}/").text
    page = copy(client, foreign, mine)
    made = mine.questions.get()
    assert "Đã chép thành câu nháp" in page.text
    assert f"/quan-tri/question/edit/{made.pk}/" in page.text
    assert foreign.key not in page.text.partition("<table")[2]
    assert (made.key, made.status, words_of(made)) == ("cua-minh-1", "draft", [SECRET])
    assert [tag.name for tag in made.tags.all()] == ["nhãn lạ"]
    assert made.versions.get().translations.get().stem == "How to tell?"
    client.post(edit(made), typed(mine, stem="Kể chuyện muối Cà Mau?"))
    foreign.refresh_from_db()
    assert (words_of(foreign), foreign.bank.name) == ([SECRET], "Muối Lào Cai")


def test_a_second_press_copies_nothing_and_says_so(foreign):
    share(foreign.bank, is_open=True)
    mine, client = bank_of("Cà Mau", "Của mình"), cast.client_of(author())
    copy(client, foreign, mine)
    assert "đã có câu giống hệt" in copy(client, foreign, mine).text
    assert mine.questions.count() == 1


def test_twins_are_copied_once_and_many_by_as_many_queries_as_few(db):
    mine, user = bank_of("Cà Mau", "Của mình"), author()
    there = [QuestionBank.objects.create(name=f"Cả nước {n}") for n in range(2)]
    counts = []
    for few in (2, 4, 12):
        made = [
            cast.question(there[n % 2], f"{few}-{n}", stem=f"Câu {few} {n // 2}?", tags=[f"nhãn {n}"])
            for n in range(few)
        ]
        user.roles_known = None
        with CaptureQueriesContext(connection) as queries:
            found = actions.copy_questions(
                seen=newest_versions([one.pk for one in made]), bank=mine, by=user, at=cast.NOW
            )
        assert len(found.fit) == few / 2
        counts.append(len(queries))
    assert counts[1] == counts[2]  # at first Django asks what a question is in the log


def test_many_shares_do_not_multiply_the_list_of_banks(foreign):
    share(foreign.bank, readers=["Cà Mau", "An Giang"], writers=["Đồng Tháp", "Vĩnh Long"])
    cast.question(foreign.bank, "la-2", status="draft")
    row = cast.client_of(author()).get(BANKS).text
    assert "2 tỉnh xem và dùng; 2 tỉnh cùng biên soạn" in row
    assert "1/2" in row


def picture_of(user: User):
    return get_image_model().objects.create(
        title="Chum mắm", file=get_test_image_file(), uploaded_by_user=user, collection=Collection.get_first_root_node()
    )


def test_a_picture_that_any_version_shows_is_deleted_by_nobody(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    user = author()
    mine, client = bank_of("Cà Mau", "Của mình"), cast.client_of(user)
    shown, free = picture_of(user), picture_of(user)
    question = cast.question(mine, "minh-1", stem=f"Nhìn ![Chum](anh:{shown.pk})")
    cast.question(mine, question.key, stem="Không hình")
    admin = cast.client_of(cast.staff("administrator", phone="0987654307"))
    for one, who in ((shown, client), (shown, admin), (free, client)):
        who.post(f"/quan-tri/images/{one.pk}/delete/")
    assert list(type(shown).objects.values_list("pk", flat=True)) == [shown.pk]


def test_nothing_is_copied_out_of_a_bank_that_is_not_shared_or_into_a_foreign_one(foreign):
    mine, client = bank_of("Cà Mau", "Của mình"), cast.client_of(author())
    copy(client, foreign, mine)
    share(foreign.bank, readers=["Cà Mau"])
    own = cast.question(mine, "minh-1", stem="Của mình?")
    assert copy(client, own, foreign.bank).status_code == 422
    assert (mine.questions.count(), foreign.bank.questions.count()) == (1, 1)


def test_an_author_works_for_a_province_or_the_country_and_not_for_a_commune(db):
    user = cast.staff("manager", cast.commune(), "0987654309")
    with pytest.raises(Refusal, match="của cả tỉnh"):
        accounts.grant_role(user=user, role="author", place=cast.commune(), by=None, at=cast.NOW)
    admin = cast.client_of(cast.staff("administrator", phone="0987654308"))
    form = {"role": "author", "scope": "place", "place_name": cast.commune().full_name}
    assert "của cả tỉnh" in admin.post(reverse("accounts_admin:roles", args=[user.pk]), form).text
    admin.post(reverse("accounts_admin:roles", args=[user.pk]), form | {"place_name": cast.province().full_name})
    assert [role.place for role in user.roles.filter(role="author")] == [cast.province()]


def test_an_author_of_questions_writes_no_pages_and_sets_no_quiz(world_of_an_author):
    client, quiz, page = world_of_an_author
    assert client.get(f"/quan-tri/bai-kiem-tra/{quiz.pk}/cau-hoi/").status_code != 200
    assert client.get(f"/quan-tri/pages/{page.pk}/edit/").status_code != 200
    assert client.get("/quan-tri/").status_code == 200


@pytest.fixture
def world_of_an_author(db):
    cast.course(lessons=1, with_quiz=True)
    return cast.client_of(author()), Quiz.objects.get(), CoursePage.objects.get()
