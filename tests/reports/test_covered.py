"""How far training has reached: subjects headed by somebody who has learnt, officials beside their posts; each in the scope of whoever asks."""

import html
import io
import re
from copy import deepcopy
from datetime import timedelta

import pytest
from python_calamine import CalamineWorkbook
from wagtail.models import ModelLogEntry

from accounts import actions as accounts
from accounts import groups
from accounts.models import OfficialLevel, Person, PersonKind, Subject, User
from accounts.viewsets.decisions import decisions_visible_to
from certificates import actions as certificates
from certificates.models import Credential
from courses.models import Enrolment
from lib.refusals import Refusal
from provinces.models import Place
from reports import actions as kept
from reports import personal, triggers
from reports.covered import actions, counting, queries
from reports.models import Covered, Posts, Reach, Stale
from tests import cast
from tests.conftest import made_for_a_file
from tests.reports.boards import BOARD, BOOK, manager

pytestmark = pytest.mark.django_db
NOW = cast.NOW + timedelta(days=4)
FIGURES = ("subjects", "led", "commune", "province", "centre")
PAGE, PAGE_BOOK, POSTS = (
    "/quan-tri/tien-do/bao-phu/",
    "/quan-tri/tien-do/bao-phu/xlsx/",
    "/quan-tri/tien-do/vi-tri/",
)


def official(name: str, place: Place, level: str) -> Person:
    return cast.person(name, place, kind=PersonKind.OFFICIAL, official_level=level)


def reached_some():
    """In a commune of Cà Mau a subject whose head has finished and one whose head has not, an official with a paper; one of the province with
    a paper, and one without; and an official with a paper in Lào Cai."""
    course = cast.course(lessons=1)
    cast.award(course)
    here, there = cast.commune(), cast.commune("Sa Pa", "Lào Cai")
    people = {
        "head": cast.person("Chim Đầu", subject_name="Cơ sở Xong"),
        "other": cast.person("Chim Chưa", subject_name="Cơ sở Chưa"),
        "commune": official("Cán Xã", here, "commune"),
        "province": official("Cán Tỉnh", cast.province(), "province"),
        "untrained": official("Cán Chưa", cast.province(), "province"),
        "elsewhere": official("Cán Xa", there, "commune"),
    }
    made = {name: cast.enrolment(person, course) for name, person in people.items()}
    for name, enrolment in made.items():
        if name not in ("other", "untrained"):
            cast.finish(enrolment)
            certificates.issue(enrolment_id=enrolment.pk, at=NOW)
    kept.bring_up_to_date(at=NOW)
    return made


made_here = made_for_a_file(reached_some)


@pytest.fixture
def here(made_here, db):
    with cast.on(NOW):
        yield deepcopy(made_here)


def of_place(place=None, reach=Reach.PLACE) -> tuple[int, ...]:
    rows = Covered.objects.filter(place=place or cast.commune(), reach=reach)
    return rows.values_list(*FIGURES).first() or (0,) * 5


def overview(user, place=None):
    kept.bring_up_to_date(at=NOW)
    return queries.overview(user, place, now=NOW)


def centre() -> User:
    known = User.objects.filter(phone="+84987654300").first()
    return known or cast.staff("manager", None, "0987654300")


def said(place, by=None, **numbers):
    return actions.set_posts(place=place, numbers=numbers, by=by or centre(), at=NOW)


class TestKept:
    def test_each_counts_once_where_it_is_today(self, here):
        assert of_place() == (2, 1, 1, 0, 0)
        assert of_place(cast.province()) == (0, 0, 0, 1, 0)
        assert of_place(cast.province(), Reach.PROVINCE) == (2, 1, 1, 1, 0)

    CHANGES = {
        "another finishes": lambda here: Enrolment.objects.filter(pk=here["other"].pk).update(completed_at=NOW),
        "unfinished again": lambda here: Enrolment.objects.filter(pk=here["head"].pk).update(completed_at=None),
        "no head any more": lambda here: _person(here["head"]).update(subject_role="worker"),
        "left the subject": lambda here: _person(here["head"]).update(subject=None, subject_role=""),
        "subject closed": lambda here: Subject.objects.filter(name="Cơ sở Xong").update(closed_at=NOW),
        "subject elsewhere": lambda here: Subject.objects.filter(name="Cơ sở Xong").update(place=cast.commune("Tân Tiến")),
        "official moved": lambda here: _person(here["commune"]).update(place=cast.commune("Tân Tiến")),
        "of another level": lambda here: _person(here["commune"]).update(official_level="province"),
        "official no more": lambda here: _person(here["commune"]).update(kind="subject", official_level=""),
        "merged": lambda here: _person(here["commune"]).update(merged_into=here["untrained"].person),
        "erased": lambda here: _person(here["commune"]).update(erased_at=NOW),
        "paper revoked": lambda here: certificates.revoke(
            credential=_papers(here["commune"]).get(), reason="Sai tên", by=None, at=NOW
        ),
        "paper removed": lambda here: _papers(here["province"]).delete(),
        "paper issued": lambda here: _issue(here["untrained"]),
        "paper of another": lambda here: _papers(here["commune"]).update(enrolment=here["untrained"]),
        "another learnt it": lambda here: Enrolment.objects.filter(pk=here["head"].pk).update(
            person=cast.person("Ai Khác", cast.commune("Tân Tiến"), subject_name="Cơ sở Khác")
        ),
    }  # fmt: skip

    @pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
    def test_whatever_changes_is_counted_again(self, here, change):
        before = set(Covered.objects.values_list("place", *FIGURES))
        change(here)
        assert Stale.objects.exists()
        kept.bring_up_to_date(at=NOW)
        assert set(Covered.objects.values_list("place", *FIGURES)) != before
        assert personal.violations() == []

    def test_without_marks_the_audit_names_the_place(self, here):
        triggers.drop()
        _person(here["commune"]).update(official_level="province")
        found = [one for one in personal.violations() if one.startswith("place ")]
        triggers.create()
        assert found

    def test_a_paper_whose_time_is_over_counts_and_several_of_one_person_count_once(self, here):
        Credential.objects.update(expires_on=NOW.date() - timedelta(days=1))
        more = cast.enrolment(here["commune"].person, cast.course(lessons=1, slug="khac", title="Khác"))
        cast.award(more.course, code="KHÁC", name="Nơi khác")
        _issue(more)
        kept.bring_up_to_date(at=NOW)
        assert of_place()[2] == 1


def _person(enrolment):
    return Person.objects.filter(pk=enrolment.person_id)


def _papers(enrolment):
    return Credential.objects.filter(enrolment=enrolment)


def _issue(enrolment):
    cast.finish(enrolment)
    certificates.issue(enrolment_id=enrolment.pk, at=NOW)


class TestWhichSubjectsCount:
    @pytest.fixture
    def course(self):
        return cast.course(lessons=1)

    def learnt(self, name, course, **more):
        person = cast.person(name, **more)
        cast.finish(cast.enrolment(person, course))
        return person

    def counted(self):
        """(subjects, of which led) in all places."""
        rows = counting.covered()
        return sum(one.subjects for one in rows), sum(one.led for one in rows)

    def test_each_once_however_many_head_it_or_courses_they_finish(self, course):
        self.learnt("Một", course, subject_name="HTX Mắm"), self.learnt("Hai", course, subject_name="HTX Mắm")
        assert self.counted() == (1, 1)

    def test_neither_workers_nor_who_has_only_begun_nor_closed_ones(self, course):
        self.learnt("Một", course, subject_name="HTX Mắm", subject_role="worker")
        cast.enrolment(cast.person("Hai", subject_name="HTX Tôm"), course)
        closed = self.learnt("Ba", course, subject_name="HTX Cá").subject
        accounts.close_subject(subject=closed, by=None, reason="x", at=cast.NOW)
        assert self.counted() == (2, 0)

    def test_two_that_were_joined_are_one(self, course):
        led = self.learnt("Một", course, subject_name="HTX Mắm").subject
        other = Subject.objects.create(name="Mắm Rạch Gốc", kind="cooperative", place=cast.commune())
        accounts.join_subjects(subject=led, into=other, by=None, reason="x")
        assert self.counted() == (1, 1)

    def test_one_of_a_former_commune_stands_in_the_one_of_today(self, course):
        former = Place.objects.former().get(name="Rạch Gốc", level="commune")
        Subject.objects.filter(pk=self.learnt("Một", course).subject_id).update(place=former)
        rows = overview(cast.staff("manager", cast.province()), cast.province()).rows
        assert [one.place for one in rows if one.reached.subjects] == [cast.commune()]

    def test_the_percentage_leaves_the_rest_out(self):
        assert (queries.percent(1, 3), queries.percent(0, 0)) == (33, None)


class TestPosts:
    def test_a_commune_says_its_own_and_a_province_adds_them_unless_it_says_them_itself(self, here):
        user = cast.staff("manager", cast.province())
        said(cast.commune(), commune=2)
        said(cast.commune("Tân Tiến"), commune=1)
        assert overview(user, cast.province()).total.posts == 3
        said(cast.province(), commune=64, province=4)
        total = overview(user, cast.province()).total
        assert [(one.level.value, one.certified, one.posts) for one in total.levels] == [
            ("province", 1, 4), ("commune", 1, 64),
        ]  # fmt: skip
        assert (total.in_posts, total.posts, total.posts_percent) == (2, 68, 2)

    def test_only_levels_of_which_posts_are_known_are_set_against_them(self, here):
        said(cast.province(), province=4)
        total = overview(cast.staff("manager", cast.province()), cast.province()).total
        assert (total.certified, total.in_posts, total.posts) == (2, 1, 4)
        assert [one.level for one in total.not_said] == [OfficialLevel.COMMUNE]

    def test_the_country_adds_its_provinces_without_counting_communes_twice(self, here):
        user = cast.staff("manager", None)
        said(cast.commune(), commune=2)
        said(cast.province(), commune=64, province=4)
        said(cast.commune("Sa Pa", "Lào Cai"), commune=3)
        found = overview(user)
        assert {one.level.value: one.posts for one in found.total.levels} == {"commune": 67, "province": 4}
        said(None, centre=5, commune=3321)
        assert {one.level.value: one.posts for one in overview(user).total.levels} == {
            "commune": 3321, "province": 4, "centre": 5,
        }  # fmt: skip

    def test_officials_of_places_without_posts_are_not_set_against_the_posts_of_others(self, here):
        """In Cà Mau one of a commune and one of the province are certified, in Lào Cai one of a commune."""
        said(cast.province(), commune=64, province=4)
        found = overview(cast.staff("manager", None))
        assert (found.total.certified, found.total.in_posts, found.total.posts) == (3, 2, 68)
        assert {row.label: row.reached.in_posts for row in found.rows} == {"Tỉnh Cà Mau": 2, "Tỉnh Lào Cai": 0}
        assert {one.level.value: (one.in_posts, one.beyond) for one in found.total.levels} == {
            "province": (1, 0), "commune": (1, 1),
        }  # fmt: skip
        page = manager(None).get(PAGE).text
        assert "2 / 68" in page
        assert "thêm 1 ở nơi chưa ghi số vị trí" in page

    def test_of_communes_that_say_it_each_for_itself_only_their_own_officials_count(self, here):
        centre_, province = cast.staff("manager", None), cast.staff("manager", cast.province(), "0987654322")
        said(cast.commune("Đất Mũi"), commune=2)
        for user, place in ((province, cast.province()), (centre_, None)):
            total = overview(user, place).total
            assert (total.in_posts, total.posts) == (0, 2)
        _person(here["commune"]).update(place=Place.objects.former().get(name="Rạch Gốc", level="commune"))
        said(cast.commune(), commune=3)
        for user, place in ((province, cast.province()), (centre_, None)):
            total = overview(user, place).total
            assert (total.in_posts, total.posts) == (1, 5)
        assert {row.label: row.reached.in_posts for row in overview(centre_).rows}["Tỉnh Cà Mau"] == 1

    def test_who_says_it_for_the_whole_country_is_set_against_all_its_officials(self, here):
        said(cast.province(), commune=64, province=4)
        said(None, commune=3321)
        total = overview(cast.staff("manager", None)).total
        assert (total.in_posts, total.posts) == (3, 3325)

    def test_rows_of_a_province_are_its_communes_and_itself_with_the_own_level_alone(self, here):
        said(cast.province(), commune=64, province=4)
        said(cast.commune(), commune=2)
        rows = {row.label: row.reached.posts for row in overview(cast.staff("manager", None), cast.province()).rows}
        assert rows == {"Cấp tỉnh": 4, "Xã Phan Ngọc Hiển": 2}

    def test_who_works_for_the_province_is_counted_there_wherever_they_live(self, here):
        _person(here["province"]).update(place=cast.commune())
        said(cast.province(), province=4)
        said(cast.commune(), commune=2)
        found = overview(cast.staff("manager", None), cast.province())
        assert {row.label: (row.reached.in_posts, row.reached.posts) for row in found.rows} == {
            "Cấp tỉnh": (1, 4), "Xã Phan Ngọc Hiển": (1, 2),
        }  # fmt: skip
        assert overview(cast.staff("manager", cast.commune(), "0987654377"), cast.commune()).total.certified == 1

    def test_it_is_logged_and_taken_back_and_the_same_again_changes_nothing(self, here):
        user = cast.staff("manager", cast.province())
        (made,) = said(cast.commune(), by=user, commune=2)
        assert said(cast.commune(), by=user, commune=2) == []
        said(cast.commune(), by=user, commune=None)
        entries = ModelLogEntry.objects.filter(action="reports.posts_set").order_by("pk")
        assert [entry.data for entry in entries] == [{"before": None, "after": 2}, {"before": 2, "after": None}]
        assert "trước 2, nay chưa rõ" in entries[1].formatter.format_message(entries[1])
        assert decisions_visible_to(user).filter(pk=entries[0].pk).exists()
        assert Posts.objects.get(pk=made.pk).number is None
        assert overview(user, cast.province()).total.posts == 0

    @pytest.mark.parametrize("place", [lambda: cast.commune("Sa Pa", "Lào Cai"), lambda: None, cast.province])
    def test_nobody_says_it_of_a_place_that_is_not_theirs(self, here, place):
        with pytest.raises(Refusal):
            said(place(), by=cast.staff("manager", cast.commune()), commune=2)
        assert not Posts.objects.exists()

    def test_a_commune_has_posts_of_its_own_level_alone(self, here):
        said(cast.commune(), commune=2, province=9, centre=9)
        assert list(Posts.objects.values_list("level", flat=True)) == ["commune"]

    def test_the_form_keeps_what_was_typed_and_says_what_is_wrong(self, here):
        client = manager("Cà Mau")
        answer = client.post(f"{POSTS}?dia-ban={cast.province().pk}", {"province": "bốn", "commune": "64"})
        assert (answer.status_code, 'value="64"' in answer.text, Posts.objects.exists()) == (422, True, False)
        page = client.get(f"{POSTS}?dia-ban={cast.province().pk}")
        seen = {name: page.context["form"][name].value() for name in page.context["form"].fields}
        answer = client.post(f"{POSTS}?dia-ban={cast.province().pk}", seen | {"province": "4", "commune": "64"})
        assert answer.status_code == 302
        assert dict(Posts.objects.values_list("level", "number")) == {"province": 4, "commune": 64}


class TestPages:
    def test_board_page_and_workbooks_say_the_same(self, here):
        said(cast.province(), commune=64, province=4)
        client = manager("Cà Mau")
        for page in (client.get(BOARD).text, client.get(PAGE).text):
            words = " ".join(page.partition('id="bao-phu"')[2].partition("</section>")[0].split())
            assert '<dd class="stat__value">1 <small>/ 2</small>' in words
            assert "50% số chủ thể" in words
            assert '<dd class="stat__value">2 <small>/ 68</small>' in words
            assert "2% số vị trí" in words
        total = ["Tỉnh Cà Mau", 2, 1, 50, 2, 68, 2, 2]
        for address, name in ((BOOK, "Bao phủ"), (PAGE_BOOK, "Bao phủ")):
            book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(address).getvalue()))
            assert list(book.get_sheet_by_name(name).to_python()[-1]) == total

    def test_the_board_leads_to_the_subjects_that_nobody_who_has_learnt_heads(self, here):
        client = manager("Cà Mau")
        address = f"/quan-tri/subject/?place={cast.province().pk}&amp;trained=no&amp;state=open"
        assert address in client.get(BOARD).text
        listed = client.get(address.replace("&amp;", "&")).text
        assert ("Cơ sở Chưa" in listed, "Cơ sở Xong" in listed) == (True, False)

    def test_without_posts_there_is_no_ratio_and_it_says_why(self, here):
        page = manager("Cà Mau").get(BOARD).text
        assert "chưa ghi số vị trí nên chưa có tỷ lệ" in page

    def test_of_one_course_nothing_is_said_of_what_has_no_course(self, here):
        assert 'id="bao-phu"' not in manager("Cà Mau").get(BOARD, {"khoa": here["head"].course_id}).text

    def test_the_register_leads_here(self):
        assert (
            'href="/quan-tri/tien-do/bao-phu/"'
            in cast.client_of(cast.staff("manager", cast.province())).get("/quan-tri/subject/").text
        )

    def test_by_kind_each_number_leads_to_just_those_of_the_register(self, here):
        Subject.objects.filter(name="Cơ sở Chưa").update(kind="cooperative")
        Subject.objects.create(name="HTX Vắng", kind="cooperative", place=cast.commune())
        Subject.objects.create(name="HTX Nghỉ", kind="cooperative", place=cast.commune(), closed_at=NOW)
        Subject.objects.create(name="HTX Xa", kind="cooperative", place=cast.commune("Sa Pa", "Lào Cai"))
        client = manager("Cà Mau")
        page = client.get(PAGE, {"dia-ban": cast.province().pk}).text
        section = page.partition('id="theo-loai-hinh"')[2].partition("</table>")[0]
        rows = [re.sub(r"<[^>]+>", " ", row).split() for row in section.split("<tr>")[2:]]
        assert [" ".join(row) for row in rows] == [
            "Hợp tác xã 2 1 (50%) 0 (0%)", "Hộ kinh doanh 1 1 (100%) 1 (100%)", "Tất cả 3 2 (66%) 1 (33%)",
        ]  # fmt: skip
        linked = re.findall(r'<a href="([^"]+)">(\d+)</a>', section)
        assert [number for _address, number in linked] == ["2", "1", "1", "1", "1", "3", "2", "1"]
        names = ("Cơ sở Xong", "Cơ sở Chưa", "HTX Vắng")
        listed = [client.get(html.unescape(address)).text for address, _number in linked]
        assert [sum(name in text for name in names) for text in listed] == [int(number) for _address, number in linked]
        assert not any(name in text for name in ("HTX Nghỉ", "HTX Xa") for text in listed)
        book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(PAGE_BOOK).getvalue()))
        assert book.get_sheet_by_name("Theo loại hình").to_python()[-3:] == [
            ["Hợp tác xã", 2, 1, 50, 0, 0], ["Hộ kinh doanh", 1, 1, 100, 1, 100], ["Tất cả", 3, 2, 66, 1, 33],
        ]  # fmt: skip

    def test_whoever_may_not_see_the_register_reads_numbers_without_ways_there(self, here, monkeypatch):
        rights = [codename for codename in groups.OWN["manager"] if codename != "view_subject"]
        monkeypatch.setitem(groups.OWN, "manager", rights)
        page = manager("Cà Mau").get(PAGE).text
        assert "Theo loại hình" in page
        assert "/quan-tri/subject/" not in page

    def test_nobody_sees_another_place(self, here):
        there = cast.province("Lào Cai")
        client = manager("Cà Mau")
        for address in (PAGE, PAGE_BOOK, POSTS):
            assert client.get(address, {"dia-ban": there.pk}).status_code == 404
        said(there, commune=77)
        assert "77" not in client.get(PAGE).text.partition('<div class="board')[2]

    def test_of_several_places_of_ones_own_the_sums_are_shown(self, here):
        user = cast.staff("manager", cast.commune(), "0987654377")
        accounts.grant_role(
            user=user, role="manager", place=cast.commune("Tân Tiến"), by=cast.staff("administrator", None, "0987654376"),
            valid_from=NOW.date(), valid_until=None, at=NOW,
        )  # fmt: skip
        said(cast.commune(), commune=2)
        said(cast.commune("Tân Tiến"), commune=3)
        said(cast.province(), commune=64)
        assert overview(type(user).objects.get(pk=user.pk)).total.posts == 5

    def test_it_costs_the_same_for_many_people(self, here, django_assert_max_num_queries):
        user = cast.staff("manager", cast.province())
        with django_assert_max_num_queries(12):
            queries.overview(user, cast.province(), now=NOW)
