"""/tap-huan/<slug>/kiem-tra/…, /danh-gia/ and /tai-lieu/: what a delegate's phone shows in the hall."""

from datetime import timedelta

import pytest
from django.test import Client

from tests import cast
from workshops import actions
from workshops.access import hall_key
from workshops.hall.items import Paper
from workshops.models import FeedbackSheet, HallTest, Registration, Session, TestSheet

from . import halls
from .conftest import ADDRESS, main

pytestmark = [pytest.mark.django_db, pytest.mark.once]
BEFORE, AFTER = f"{ADDRESS}kiem-tra/dau-vao/", f"{ADDRESS}kiem-tra/dau-ra/"
FEEDBACK, MATERIALS = f"{ADDRESS}danh-gia/", f"{ADDRESS}tai-lieu/"
WHO = {"badge": "1", "digits": "5678"}


@pytest.fixture
def pair(planned, organiser):
    return halls.papers(planned, organiser)


@pytest.fixture
def running(pair, organiser):
    return halls.opened(pair[0], organiser)


@pytest.fixture
def delegate(planned):
    return halls.delegate(planned)


@pytest.fixture
def known(delegate):
    """A phone that came from the ticket."""
    client = Client()
    client.get(f"{BEFORE}?ve={delegate.code}")
    return client


def all_right(test):
    paper = Paper(test)
    return {f"q{item.number}": paper.right[item.number][0] for item in paper.items}


class TestWhoSomebodyIs:
    def test_the_link_of_the_ticket_is_enough_and_leads_to_the_plain_address(self, running, delegate, anybody):
        answer = anybody.get(f"{BEFORE}?ve={delegate.code}")
        assert (answer.status_code, answer.url) == (302, BEFORE)
        assert 'type="radio"' in main(anybody.get(BEFORE))

    def test_badge_and_last_digits_are_enough(self, running, delegate, anybody):
        assert 'name="digits"' in main(anybody.get(BEFORE))
        assert anybody.post(BEFORE, WHO).url == BEFORE
        text = main(anybody.get(BEFORE))
        assert "Trần Thị Út" in text
        assert 'type="radio"' in text

    @pytest.mark.parametrize(
        "wrong", [{"badge": "1", "digits": "5679"}, {"badge": "2", "digits": "5678"}], ids=["digits", "badge"]
    )
    def test_whichever_is_wrong_the_same_is_said_and_what_was_typed_stays(self, running, delegate, anybody, wrong):
        answer = anybody.post(BEFORE, wrong)
        text = main(answer)
        assert answer.status_code == 422
        assert "không khớp" in text
        assert f'value="{wrong["digits"]}"' in text
        assert "Trần Thị Út" not in text
        assert 'type="radio"' not in main(anybody.get(BEFORE))

    def test_digits_cannot_be_tried_one_after_the_other(self, running, delegate, anybody):
        for digits in range(5):
            anybody.post(BEFORE, {"badge": "1", "digits": f"{digits:04}"})
        assert "quá nhiều lần" in main(anybody.post(BEFORE, WHO))
        assert 'type="radio"' not in main(anybody.get(BEFORE))

    def test_who_is_right_is_never_kept_out(self, running, delegate):
        for _again in range(8):
            assert Client().post(BEFORE, WHO).status_code == 302

    def test_an_account_is_known_and_may_say_that_it_is_somebody_else(self, planned, running, delegate, trainee, own):
        from workshops.models import RegistrationSource

        actions.register(workshop=planned, person=trainee.person, source=RegistrationSource.NOMINATED, at=cast.NOW)
        assert "<b>2</b>" in main(own.get(BEFORE))
        assert 'name="badge"' in main(own.get(f"{BEFORE}?khac=1"))
        own.post(f"{BEFORE}?khac=1", WHO)
        assert "<b>1</b>" in main(own.get(BEFORE))

    def test_a_phone_forgets_who_it_was_for(self, running, known):
        assert 'type="radio"' in main(known.get(BEFORE))
        known.get(f"{BEFORE}?khac=1")
        assert 'name="badge"' in main(known.get(BEFORE))

    def test_a_ticket_of_elsewhere_or_a_cookie_of_ones_own_making_is_nobodys(self, running, delegate, anybody):
        assert 'name="badge"' in main(anybody.get(f"{BEFORE}?ve=AAAAAAAAAA"))
        anybody.cookies["hall"] = '{"workshop": 1, "registration": 1, "is_proven": true}'
        assert 'name="badge"' in main(anybody.get(BEFORE))

    def test_where_nobody_is_named_the_badge_alone_is_enough_but_not_for_more(
        self, planned, organiser, delegate, anybody
    ):
        halls.opened(halls.papers(planned, organiser, is_anonymous=True)[0], organiser)
        actions.add_usual_questions(workshop=planned, by=organiser, at=cast.NOW)
        assert 'name="digits"' not in main(anybody.get(BEFORE))
        anybody.post(BEFORE, {"badge": "1"})
        text = main(anybody.get(BEFORE))
        assert 'type="radio"' in text
        assert "Trần Thị Út" not in text
        assert 'name="digits"' in main(anybody.get(FEEDBACK))

    def test_where_nobody_is_named_the_score_is_shown_on_the_phone_alone_that_handed_in(
        self, planned, organiser, delegate, anybody
    ):
        """A neighbour reads the number off the badge, beside the name."""
        halls.opened(halls.papers(planned, organiser, is_anonymous=True)[0], organiser)
        anybody.post(BEFORE, {"badge": "1"})
        anybody.post(BEFORE, {"q1": "A", "anyway": "1"})
        assert "câu đúng" in main(anybody.get(BEFORE))
        neighbour = Client()
        neighbour.post(BEFORE, {"badge": "1"})
        shown = main(neighbour.get(BEFORE))
        assert "Đã nộp bài" in shown
        assert "câu đúng" not in shown

    def test_a_workshop_of_the_invited_opens_by_its_ticket_or_the_key_on_the_screen(
        self, planned, change, running, delegate, anybody
    ):
        change(seen_by="invited")
        assert anybody.get(BEFORE).status_code == 404
        assert anybody.get(f"{BEFORE}?k=12345678").status_code == 404
        anybody.get(f"{BEFORE}?k={hall_key(planned)}")
        assert 'name="badge"' in main(anybody.get(BEFORE))
        other = Client()
        other.get(f"{BEFORE}?ve={delegate.code}")
        assert 'type="radio"' in main(other.get(BEFORE))


class TestATest:
    def test_keys_do_not_reach_the_browser(self, running, known):
        text = known.get(BEFORE).text
        for secret in ("PHẢN HỒI", "GIẢI THÍCH", '"right"', "data-right"):
            assert secret not in text
        assert text.count('type="radio"') == sum(len(item.choices) for item in running.items.all())
        assert "checked" not in text

    def test_the_page_is_the_same_whichever_answer_is_right(self, running, known):
        before = main(known.get(BEFORE))
        for item in running.items.select_related("version"):
            data = item.version.data
            for choice in data.get("choices", []):
                choice["right"] = not choice["right"]
            data["right"] = not data.get("right", True)
            type(item.version).objects.filter(pk=item.version_id).update(data=data)
        assert main(known.get(BEFORE)).partition("csrf")[0] == before.partition("csrf")[0]
        assert before.count("<fieldset") == 5

    def test_handed_in_it_shows_the_score_and_not_which_were_right(self, running, known):
        answer = known.post(BEFORE, all_right(running))
        assert answer.status_code == 302
        text = main(known.get(BEFORE))
        assert "<b>5/5</b>" in text
        assert 'type="radio"' not in text
        assert "Kể thật" not in text
        assert TestSheet.objects.get().source == "phone"

    def test_open_questions_are_told_once_and_what_was_chosen_stays(self, running, known):
        chosen = dict(list(all_right(running).items())[:3])
        answer = known.post(BEFORE, chosen)
        text = main(answer)
        assert answer.status_code == 422
        assert "còn 2 câu chưa chọn" in text
        assert text.count(" checked") == 3
        assert not TestSheet.objects.exists()
        known.post(BEFORE, chosen | {"anyway": "1"})
        assert TestSheet.objects.get().right == 3

    def test_a_second_hand_in_changes_nothing_and_says_so(self, running, known):
        known.post(BEFORE, all_right(running))
        assert known.post(BEFORE, all_right(running)).status_code == 302
        again = known.post(BEFORE, {"q1": "B"} | {"anyway": "1"})
        assert again.status_code == 409
        assert "Bài nộp đầu được giữ" in main(again)
        assert TestSheet.objects.get().right == 5

    def test_before_and_after_its_time_no_question_is_shown(self, pair, organiser, known):
        assert "Bài chưa mở" in main(known.get(BEFORE))
        halls.opened(pair[0], organiser)
        actions.close_test(test=pair[0], by=organiser, at=cast.NOW)
        for answer in (known.get(BEFORE), known.post(BEFORE, {"q1": "A"})):
            assert "đã đóng" in main(answer).lower()
            assert "Câu hỏi" not in main(answer)

    def test_there_is_none_where_none_was_made(self, planned, anybody):
        assert anybody.get(BEFORE).status_code == 404 == anybody.get(AFTER).status_code

    def test_nothing_of_it_is_kept_on_the_way(self, running, known, anybody):
        for answer in (known.get(BEFORE), anybody.get(BEFORE), anybody.get(MATERIALS)):
            assert (answer["Cache-Control"], answer["X-Robots-Tag"]) == ("private, no-store", "noindex")

    def test_the_form_needs_its_token(self, running, delegate):
        client = Client(enforce_csrf_checks=True)
        client.get(f"{BEFORE}?ve={delegate.code}")
        assert client.post(BEFORE, all_right(running)).status_code == 403
        assert not TestSheet.objects.exists()

    def test_words_come_in_the_readers_language_and_letters_stay(self, running, known):
        from quizzes.models import VersionTranslation

        item = running.items.first()
        VersionTranslation.objects.create(version=item.version, language="en", stem="In English?", texts={})
        assert "In English?" not in main(known.get(BEFORE))
        assert "In English?" in main(known.get(f"/en{BEFORE}"))
        known.post(f"/en{BEFORE}", all_right(running))
        assert TestSheet.objects.get().right == 5


class TestTheTicket:
    def test_it_leads_to_what_is_open(
        self, pair, organiser, planned, delegate, anybody, django_capture_on_commit_callbacks
    ):
        page = f"/tap-huan/ve/{delegate.code}/"
        assert "kiem-tra" not in main(anybody.get(page))
        with django_capture_on_commit_callbacks(execute=True):
            halls.opened(pair[0], organiser)
            actions.add_usual_questions(workshop=planned, by=organiser, at=cast.NOW)
        text = main(anybody.get(page))
        assert f"{BEFORE}?ve={delegate.code}" in text
        assert "danh-gia" not in text
        halls.present(delegate)
        assert f"{FEEDBACK}?ve={delegate.code}" in main(anybody.get(page))


class TestFeedback:
    @pytest.fixture
    def asked(self, planned, organiser):
        actions.add_usual_questions(workshop=planned, by=organiser, at=cast.NOW)
        return list(planned.questions.filter(stage="feedback"))

    @pytest.fixture
    def said(self, asked):
        return {f"q{one.pk}": {"faces": "3", "scale": "4"}.get(one.kind, "Rất bổ ích") for one in asked}

    def test_there_is_none_without_questions(self, planned, known):
        assert known.get(FEEDBACK).status_code == 404

    def test_who_was_not_there_is_told_and_nothing_is_written(self, asked, said, known):
        assert "Chưa điểm danh" in main(known.get(FEEDBACK))
        assert known.post(FEEDBACK, said).status_code == 422
        assert not FeedbackSheet.objects.exists()

    def test_who_was_there_gives_one_sheet_that_names_nobody(self, asked, said, delegate, known):
        halls.present(delegate)
        text = main(known.get(FEEDBACK))
        assert text.count('<svg class="face') == 3
        assert text.count("tiles--scale") == 5
        assert known.post(FEEDBACK, said | {"is_quotable": "on"}).url == FEEDBACK
        sheet = FeedbackSheet.objects.get()
        assert sheet.answers == {key[1:]: int(value) if value.isdigit() else value for key, value in said.items()}
        assert (sheet.is_quotable, sheet.source, sheet.entered_by) == (True, "phone", None)
        assert Registration.objects.get().gave_feedback
        thanks = main(known.get(FEEDBACK))
        assert "Đã nhận phiếu" in thanks
        assert "Trần Thị Út" not in thanks  # nobody believes that a sheet is nobody's below the own name
        assert "?khac=1" in thanks
        known.post(FEEDBACK, said)
        assert FeedbackSheet.objects.count() == 1

    def test_an_empty_sheet_is_none_and_what_was_written_stays(self, asked, said, delegate, known):
        halls.present(delegate)
        assert "chưa có câu trả lời" in main(known.post(FEEDBACK, {}))
        scale = next(one for one in asked if one.kind == "scale")
        answer = known.post(FEEDBACK, {f"q{asked[-1].pk}": "Nói chậm hơn", f"q{scale.pk}": "9"})
        assert answer.status_code == 422
        assert "Nói chậm hơn" in main(answer)
        assert not FeedbackSheet.objects.exists()

    def test_a_taken_back_presence_is_none(self, asked, said, delegate, known):
        halls.present(delegate)
        delegate.attendances.update(taken_back_at=cast.NOW)
        assert known.post(FEEDBACK, said).status_code == 422

    def test_presence_at_a_session_that_was_cancelled_is_none(self, asked, said, delegate, known, planned):
        halls.present(delegate)
        first = planned.sessions.get()
        Session.objects.create(
            workshop=planned,
            name="Khác",
            starts_at=first.starts_at + timedelta(days=1),
            ends_at=first.ends_at + timedelta(days=1),
        )
        Session.objects.filter(pk=first.pk).update(cancelled_at=cast.NOW)
        assert known.post(FEEDBACK, said).status_code == 422
        Session.objects.update(cancelled_at=None)
        assert known.post(FEEDBACK, said).status_code != 422


class TestMaterials:
    def test_by_session_for_everybody_who_may_see_the_workshop(self, planned, anybody):
        text = main(anybody.get(MATERIALS))
        assert "Buổi chiều" in text
        assert "https://example.org/bai.pdf" in text

    def test_what_only_the_invited_see_is_not_there(self, planned, change, anybody):
        change(seen_by="invited")
        assert anybody.get(MATERIALS).status_code == 404

    def test_without_any_it_says_so(self, planned, change, anybody):
        planned.sessions.get().materials.all().delete()
        change()
        assert "Chưa có tài liệu" in main(anybody.get(MATERIALS))


def test_pages_that_only_look_write_nothing(running, known):
    before = TestSheet.objects.count(), HallTest.objects.get(pk=running.pk).opened_at
    known.head(BEFORE), known.get(BEFORE)
    assert (TestSheet.objects.count(), HallTest.objects.get(pk=running.pk).opened_at) == before
