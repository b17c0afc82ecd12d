"""An address has no diacritics, however its title is written: with them, a link sent by Zalo is a chain of %E1%BB."""

import pytest
from wagtail.models import Page

from courses.models import CoursePage, Topic
from pages.forms import AddressedForm
from pages.models import HomePage, PlainAddress, TextPage
from tests import cast
from tests.pages.test_reserved_addresses import SENTENCE, form, text_page

pytestmark = [pytest.mark.django_db, pytest.mark.once]
TITLE, WRITTEN, PLAIN = (
    "Đường ruột sạch, nước mắm ngon", "đường-ruột-sạch-nước-mắm-ngon", "duong-ruot-sach-nuoc-mam-ngon",
)  # fmt: skip


@pytest.fixture
def editor(db):
    return cast.client_of(cast.staff("editor"))


def add(editor, **changes):
    return editor.post(f"/quan-tri/pages/add/pages/textpage/{cast.home().pk}/", form(title=TITLE, **changes))


def test_the_browser_may_keep_every_letter_of_the_title(editor):
    shown = editor.get(f"/quan-tri/pages/add/pages/textpage/{cast.home().pk}/").text
    assert 'data-w-slug-allow-unicode-value="True"' in shown or "data-w-slug-allow-unicode-value " in shown


def test_what_the_browser_wrote_becomes_plain_letters(editor):
    assert add(editor, slug=WRITTEN).status_code == 302
    assert Page.objects.get(title=TITLE).slug == PLAIN


def test_letters_that_cannot_be_made_plain_are_refused(editor):
    assert add(editor, slug="ភាសា").status_code == 200
    assert not Page.objects.filter(title=TITLE).exists()


@pytest.mark.parametrize("behind", ["", "đường-ruột-sạch-nước-mắm", "duong-ruot-sach-nuoc-m"])
def test_a_page_sent_before_the_browser_has_written_its_address_gets_that_of_its_title(editor, behind):
    assert add(editor, slug=behind).status_code == 302
    assert Page.objects.get(title=TITLE).slug == PLAIN


@pytest.mark.parametrize("own", ["duong-ruot", "nuoc-mam-ngon"])
def test_an_address_of_one_s_own_stays(editor, own):
    assert add(editor, slug=own).status_code == 302
    assert Page.objects.get(title=TITLE).slug == own


def test_an_address_that_is_there_follows_no_title(editor):
    page = text_page("duong-ruot-sach-nuoc-mam")
    answer = editor.post(f"/quan-tri/pages/{page.pk}/edit/", form(title=TITLE, slug=page.slug))
    assert answer.status_code == 302
    page.refresh_from_db()
    written = page.get_latest_revision().content
    assert (written["title"], written["slug"]) == (TITLE, "duong-ruot-sach-nuoc-mam")


def test_an_address_that_lags_is_refused_like_any_other_where_it_is_taken_or_reserved(editor):
    add(editor, slug=WRITTEN)
    assert add(editor, slug="").status_code == 200
    assert editor.post(f"/quan-tri/pages/add/pages/textpage/{cast.home().pk}/", form(title="Học", slug="")).text.count(
        SENTENCE
    )
    assert Page.objects.filter(title__in=[TITLE, "Học"]).count() == 1


def test_a_title_without_plain_letters_asks_for_an_address(editor):
    answer = editor.post(f"/quan-tri/pages/add/pages/textpage/{cast.home().pk}/", form(title="ភាសា", slug=""))
    assert answer.context["form"].errors["slug"]


def test_a_second_page_of_that_address_is_refused_and_not_put_beside_it(editor):
    add(editor, slug=WRITTEN)
    response = add(editor, slug=WRITTEN)
    assert response.status_code == 200
    assert PLAIN in response.text
    assert Page.objects.filter(title=TITLE).count() == 1


def test_a_reserved_address_is_refused_with_diacritics_as_well(editor):
    assert SENTENCE in add(editor, slug="học").text
    assert not Page.objects.filter(title=TITLE).exists()


def test_a_copy_gets_plain_letters_and_no_reserved_address(editor):
    page = text_page()
    copy = {"new_title": TITLE, "new_slug": WRITTEN, "new_parent_page": page.get_parent().pk}
    assert SENTENCE in editor.post(f"/quan-tri/pages/{page.pk}/copy/", copy | {"new_slug": "học"}).text
    assert editor.post(f"/quan-tri/pages/{page.pk}/copy/", copy).status_code == 302
    assert Page.objects.get(title=TITLE).slug == PLAIN


def test_code_that_names_no_address_gets_one_of_all_letters():
    assert cast.publish(cast.home(), TextPage(title=TITLE, locale=cast.home().locale)).slug == PLAIN
    assert cast.publish(cast.catalogue(), CoursePage(title=TITLE, topic=cast.topic())).slug == PLAIN


def test_a_topic_is_addressed_in_plain_letters(editor):
    data = {"name": "Nước mắm", "slug": "nước-mắm", "position": "1", "icon": "", "color": ""}
    response = editor.post("/quan-tri/snippets/courses/topic/add/", data)
    assert response.status_code == 302, response.context["form"].errors
    assert Topic.objects.get(name="Nước mắm").slug == "nuoc-mam"


def test_every_kind_of_page_has_a_plain_address():
    kinds = {HomePage, *HomePage.allowed_subpage_models(), *CoursePage.allowed_subpage_models(), CoursePage}
    assert all(issubclass(kind, PlainAddress) for kind in kinds if kind.is_creatable)
    assert all(issubclass(kind.base_form_class, AddressedForm) for kind in kinds if kind.is_creatable)
