"""Vietnamese without a prefix, English under /en/: each address speaks one language, and records belong to both."""

import re
from copy import deepcopy
from html.parser import HTMLParser
from itertools import islice

import pytest
from django.test import Client
from django.utils.translation import gettext, override
from wagtail.models import Locale, Page

from courses.models import Course, Enrolment, LessonPage, Topic
from demo import content
from pages.models import HomePage
from provinces.models import Place
from quizzes import actions as quizzes
from quizzes.models import Attempt, Item, QuestionVersion, Quiz, QuizPage
from tests import cast
from tests.conftest import made_for_a_file

pytestmark = [pytest.mark.once, pytest.mark.django_db]

VIETNAMESE = re.compile("[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE)
# Names of people, places and legal texts keep their spelling in English.
NAMES = re.compile(
    r"\b(Út|Tư|Năm|Cà Mau|Bạc Liêu|Rạch Gốc|U Minh|Việt Nam|Đồng Nai|Trần Thị Út|Tiếng Việt|MẪU)\b|[\w/]+-TTg|[\w/]*/NĐ-CP|/QĐ\S*"
)


class Words(HTMLParser):
    """What a reader sees or hears of a page, without what is marked as Vietnamese by its own `lang`."""

    VOID = {"area", "base", "br", "hr", "img", "input", "link", "meta", "source", "use", "path"}
    SPOKEN = (
        "alt",
        "aria-label",
        "placeholder",
        "title",
        "data-none",
        "data-count",
        "data-saved",
        "data-waiting",
    )

    def __init__(self) -> None:
        super().__init__()
        self.language = ""
        self.found: list[str] = []
        self.open: list[tuple[str, bool]] = []

    @property
    def is_silent(self) -> bool:
        return any(silent for _tag, silent in self.open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "html":
            self.language = values.get("lang") or ""
        silent = tag in ("script", "style") or (tag != "html" and values.get("lang") == "vi")
        if tag not in self.VOID:
            self.open.append((tag, silent))
        elif tag == "meta" and values.get("name") == "description":
            self.found.append(values.get("content") or "")
        if not silent and not self.is_silent:
            spoken = (
                (*self.SPOKEN, "value")
                if values.get("type") in ("submit", "button") and tag == "input"
                else self.SPOKEN
            )
            self.found += [values[name] or "" for name in spoken if values.get(name)]

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not self.is_silent:
            self.found.append(" ".join(data.split()))


def words_of(response: object) -> Words:
    parser = Words()
    parser.feed(response.text)  # type: ignore[attr-defined]
    return parser


def vietnamese_in(response: object) -> list[str]:
    """Sentences that an English page should not have."""
    return [text for text in words_of(response).found if VIETNAMESE.search(NAMES.sub("", text))]


@pytest.fixture
def english(made_english: Course, db: None) -> Course:
    return deepcopy(made_english)


def in_both_languages() -> Course:
    """A course of two lessons and a quiz, with English pages beside the Vietnamese ones."""
    course = cast.course(lessons=2, with_quiz=True)
    locale = Locale.objects.get_or_create(language_code="en")[0]
    Topic.objects.update(name_en="Stories")
    titles = {"trang-chu": "Home", "khoa-hoc": "Courses", "ke-chuyen": "Telling stories", "kiem-tra": "Final quiz"}
    for page in Page.objects.filter(locale__language_code="vi", depth__gt=1).order_by("depth", "path").specific():
        copy = page.copy_for_translation(locale)
        copy.title = titles.get(page.slug, page.title.replace("Bài", "Lesson"))
        copy.slug = {"trang-chu": "home", "khoa-hoc": "courses", "ke-chuyen": "telling-stories"}.get(
            page.slug, page.slug
        )
        if isinstance(copy, LessonPage):
            copy.body = copy.body.stream_block.to_python([{"type": "text", "value": "<p>Dried shrimp</p>"}])
        copy.save_revision().publish()
    for version in QuestionVersion.objects.all():
        texts = {
            "a": {"text": "Tell the truth"},
            "b": {"text": "Invent it", "feedback": "No."},
            "c": {"text": "Copy it"},
        }
        quizzes.save_translation(
            version=version, language="en", stem="What to do?", texts=texts, explanation="Be true."
        )
    return course


made_english = made_for_a_file(in_both_languages)


def test_each_address_speaks_its_language(english):
    vietnamese = Client().get("/khoa-hoc/ke-chuyen/")
    other = Client().get("/en/courses/telling-stories/")
    assert words_of(vietnamese).language == "vi"
    assert words_of(other).language == "en"
    assert "Kể chuyện" in vietnamese.text
    assert "Telling stories" in other.text
    assert "OCOP Learning" in other.text
    assert vietnamese_in(other) == []


def test_both_pages_name_each_other(english, settings):
    for path in ("/khoa-hoc/ke-chuyen/bai-1/", "/en/courses/telling-stories/bai-1/"):
        text = Client().get(path).text
        assert f'hreflang="vi" href="{settings.BASE_URL}/khoa-hoc/ke-chuyen/bai-1/"' in text
        assert f'hreflang="en" href="{settings.BASE_URL}/en/courses/telling-stories/bai-1/"' in text
        assert f'hreflang="x-default" href="{settings.BASE_URL}/khoa-hoc/ke-chuyen/bai-1/"' in text


def test_the_switch_leads_to_the_same_page_or_else_home(english):
    cast.course_page("Chỉ tiếng Việt", "chi-tieng-viet")
    assert '<a class="tool" href="/en/courses/telling-stories/"' in Client().get("/khoa-hoc/ke-chuyen/").text
    assert '<a class="tool" href="/en/"' in Client().get("/khoa-hoc/chi-tieng-viet/").text
    assert '<a class="tool" href="/en/hoc/tim/?q=tom"' in Client().get("/hoc/tim/?q=tom").text
    assert '<a href="/" lang="vi" hreflang="vi">' in Client().get("/en/khong-co/").text


def test_a_quiz_that_is_optional_is_so_in_every_language(english):
    user = cast.trainee()
    cast.finish(cast.enrolment(user.person, english))
    english.activities.filter(kind="quiz").update(is_required=False)
    client = cast.client_of(user)
    assert "<li>không bắt buộc</li>" in client.get("/khoa-hoc/ke-chuyen/kiem-tra/").text
    assert "<li>optional</li>" in client.get("/en/courses/telling-stories/kiem-tra/").text


def test_a_course_without_an_english_page_is_not_on_the_english_site(english):
    cast.course_page("Chỉ tiếng Việt", "chi-tieng-viet")
    for path in ("/en/", "/en/courses/", "/en/hoc/tim/?q=chi+tieng+viet"):
        assert "Chỉ tiếng Việt" not in Client().get(path).text
    assert Client().get("/en/courses/chi-tieng-viet/").status_code == 404


def test_without_english_pages_there_is_no_english_site():
    cast.course()
    assert 'hreflang="en"' not in Client().get("/").text
    assert Client().get("/en/khoa-hoc/ke-chuyen/").url == "/khoa-hoc/ke-chuyen/"


def test_a_lesson_read_in_english_counts_in_both_languages(english):
    user = cast.trainee()
    cast.enrolment(user.person, english)
    client = cast.client_of(user)
    lesson = english.activities.order_by("position").first()
    response = client.post(f"/en/hoc/bai/{lesson.translation_key}/xong/")
    assert response.url == "/en/courses/telling-stories/bai-2/"
    for path in ("/khoa-hoc/ke-chuyen/bai-1/", "/en/courses/telling-stories/bai-1/"):
        assert "status--saved" in client.get(path).text
    assert Enrolment.objects.get().completions.count() == 1


def test_a_quiz_taken_in_english_is_scored_and_may_be_finished_in_vietnamese(english):
    user = cast.trainee()
    enrolment = cast.enrolment(user.person, english)
    cast.finish(enrolment)
    quiz = Quiz.objects.get()
    client = cast.client_of(user)
    started = client.post(f"/en/kiem-tra/{quiz.activity.translation_key}/bat-dau/", follow=True)
    assert vietnamese_in(started) == []
    assert "What to do?" in started.text
    assert "Final quiz" in started.text
    attempt = Attempt.objects.get()
    assert "Câu hỏi" in client.get(f"/kiem-tra/luot/{attempt.pk}/cau/1/").text
    Item.objects.update(answer="a")
    Item.objects.filter(position=1).update(answer="b")
    result = client.post(f"/en/kiem-tra/luot/{attempt.pk}/nop/", follow=True)
    attempt.refresh_from_db()
    assert (attempt.state, attempt.score) == ("finished", 2)
    assert vietnamese_in(result) == []
    assert "Tell the truth" in result.text


def test_my_learning_falls_back_to_the_vietnamese_title(english):
    user = cast.trainee()
    other = cast.row_of(cast.course_page("Chỉ tiếng Việt", "chi-tieng-viet"))
    cast.enrolment(user.person, other)
    response = cast.client_of(user).get("/en/hoc/")
    assert 'lang="vi">Chỉ tiếng Việt' in response.text
    assert [text for text in vietnamese_in(response) if "Út" not in text] == []


def test_a_certificate_earned_on_the_english_site_is_vietnamese(english):
    from certificates import actions as certificates

    cast.award(english)
    official = cast.person("Lê Văn Sáu", kind="official", official_level="commune")
    enrolment = cast.enrolment(official, english)
    cast.finish(enrolment)
    with override("en"):
        credential = certificates.issue(enrolment_id=enrolment.pk, at=cast.NOW)
    assert credential is not None
    assert credential.evidence["who_line"] == "Cán bộ cấp xã"
    assert credential.evidence["address_line"] == "Xã Phan Ngọc Hiển, tỉnh Cà Mau"
    response = Client().get(f"/en/c/{credential.code}")
    assert "Passed" in response.text
    assert [text for text in vietnamese_in(response) if "Cà Mau" not in text] == []


@pytest.mark.parametrize(
    "path", ["tai-khoan/dien-thoai/", "tai-khoan/dang-nhap/", "tai-khoan/phieu-ma/", "tai-khoan/mat-so/", "hoc/tim/?q=abc",
             "c/", "c/tep/", "c/ABCD1234", "du-lieu-ca-nhan/", "hien-thi/", "demo/dien-thoai/"]
)  # fmt: skip
def test_forms_of_the_english_site_are_english(english, path):
    response = Client().get(f"/en/{path}")
    assert words_of(response).language == "en"
    assert vietnamese_in(response) == []
    if "tai-khoan" in path:
        assert vietnamese_in(Client().post(f"/en/{path}", {})) == []


def test_the_demo_course_is_whole_in_english():
    list(islice(content.load_all(at=cast.NOW), 2))  # up to the one that is translated
    list(content.translate())
    home = HomePage.objects.get(locale__language_code="en")
    pages = [page.specific for page in home.get_descendants(inclusive=True).live()]
    lessons = [page for page in pages if isinstance(page, LessonPage)]
    assert len(lessons) == 5
    assert sum(isinstance(page, QuizPage) for page in pages) == 2, "the final quiz and an exercise"
    user = cast.trainee()
    for enrolment in [
        cast.enrolment(user.person, Course.objects.get(translation_key=lessons[0].get_parent().translation_key))
    ]:
        cast.finish(enrolment)
    client = cast.client_of(user)
    for page in pages:
        response = client.get(page.get_url())
        assert response.status_code == 200, page.get_url()
        assert [text for text in vietnamese_in(response) if text != "Út"] == [], page.get_url()
    words = QuestionVersion.objects.filter(question__bank__topic__slug="story")
    assert words.count() > 15
    assert words.filter(translations=None).count() == 0


class TestWords:
    def test_dates_and_numbers(self):
        from datetime import date

        from lib import dates

        day = date(2023, 12, 11)
        assert (dates.localised(day), dates.grouped(10881)) == ("11/12/2023", "10.881")
        with override("en"):
            assert (dates.localised(day), dates.grouped(10881)) == ("11 Dec 2023", "10,881")
        assert [dates.signed(number) for number in (-7.6, -0.4, 12.5, None)] == ["−8", "0", "13", ""]

    def test_places(self):
        place = Place.objects.current().get(name="Phan Ngọc Hiển")
        assert place.full_name == "xã Phan Ngọc Hiển, tỉnh Cà Mau"
        with override("en"):
            assert place.full_name == "Phan Ngọc Hiển commune, Cà Mau province"

    @pytest.mark.parametrize(
        ("theirs", "ours"), [("Publish", "Đăng"), ("Documents", "Tài liệu"), ("Incorrect code.", "Mã chưa đúng.")]
    )
    def test_our_catalogue_comes_before_those_of_packages(self, theirs, ours):
        assert gettext(theirs) == ours


# --- the admin in Vietnamese ---

# What stays: names of formats and products, keys of the register, and what Wagtail has no translation for.
STAYS = re.compile(
    r"(Wagtail( v[\d.]+)?|English|OCOP|Excel|PDF|Video|QR|URL|Root|Search|None|Etc/UTC|\+?\d[\d ]*|editor|manager|organiser)"
)
ENGLISH = re.compile(
    r"\b(the|an?|of|to|and|or|with|for|this|that|you|your|page|pages|edit|save|delete|add|new|search|filter|publish|view|"
    r"status|history|settings|user|users|image|images|document|documents|actions?|more|yes|no|true|false|none|all)\b",
    re.IGNORECASE,
)


def english_in(response: object) -> list[str]:
    texts = [text for text in words_of(response).found if not VIETNAMESE.search(text)]
    return [text for text in texts if ENGLISH.search(STAYS.sub("", text))]


@pytest.mark.parametrize(
    "path", ["", "tien-do/", "person/", "subject/", "enrolment/", "attempt/", "credential/", "course/", "account/"]
)
def test_a_manager_meets_no_english(path):
    course = cast.course(with_quiz=True)
    cast.enrolment(cast.person(), course)
    response = cast.client_of(cast.staff("manager")).get(f"/quan-tri/{path}", follow=True)
    assert response.status_code == 200
    assert english_in(response) == []


@pytest.mark.parametrize(
    "path", ["pages/{home}/", "pages/{lesson}/edit/", "pages/{lesson}/history/", "pages/{lesson}/delete/", "images/",
             "images/add/", "documents/", "question/", "reports/site-history/", "reports/locked/", "snippets/courses/legaltext/"]
)  # fmt: skip
def test_an_editor_meets_no_english(path):
    cast.course()
    ids = {"home": HomePage.objects.get().pk, "lesson": LessonPage.objects.first().pk}
    response = cast.client_of(cast.staff("editor")).get(f"/quan-tri/{path.format(**ids)}", follow=True)
    assert response.status_code == 200
    assert english_in(response) == []


def test_the_words_of_the_editor_script_are_vietnamese():
    script = cast.client_of(cast.staff("editor")).get("/quan-tri/jsi18n/").text
    assert "Ch\\u00e8n kh\\u1ed1i" in script or "Chèn khối" in script
