"""lich.ics: what a calendar takes in (RFC 5545)."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import cast
from workshops import actions
from workshops.models import RegistrationSource, Session
from workshops.rendering.calendars import escaped, folded

from .conftest import ADDRESS

FILE = f"{ADDRESS}lich.ics"


def lines(answer) -> list[str]:
    text = answer.content.decode()
    assert text.endswith("\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    return text.replace("\r\n ", "").split("\r\n")


@pytest.mark.django_db
class TestEvents:
    def test_one_a_session_on_the_clock_of_the_country(self, planned, anybody):
        answer = anybody.get(FILE)
        found = lines(answer)
        assert answer["Content-Type"].startswith("text/calendar")
        assert "DTSTART;TZID=Asia/Ho_Chi_Minh:20261125T100000" in found
        assert "DTEND;TZID=Asia/Ho_Chi_Minh:20261125T130000" in found
        assert "DTSTAMP:20261123T030000Z" in found
        assert "LOCATION:Hội trường xã\\, xã Phan Ngọc Hiển\\, tỉnh Cà Mau" in found
        assert "SUMMARY:Bộ tiêu chí mới" in found
        assert found.count("BEGIN:VEVENT") == found.count("END:VEVENT") == 1
        assert found.count("BEGIN:VTIMEZONE") == 1

    def test_one_that_is_fetched_again_after_a_change_is_the_same_event(self, planned, held_on, anybody):
        uid = [line for line in lines(anybody.get(FILE)) if line.startswith("UID:")]
        held_on(cast.NOW + timedelta(days=5))
        again = lines(anybody.get(FILE))
        assert [line for line in again if line.startswith("UID:")] == uid
        assert "DTSTART;TZID=Asia/Ho_Chi_Minh:20261128T100000" in again

    def test_that_of_a_ticket_is_the_same_event_and_leads_to_the_ticket(self, planned, anybody):
        held = actions.register(
            workshop=planned, person=cast.person(), source=RegistrationSource.NOMINATED, at=cast.NOW
        )
        own, public = lines(anybody.get(f"/tap-huan/ve/{held.code}/lich.ics")), lines(anybody.get(FILE))
        assert [line for line in own if line.startswith("UID:")] == [line for line in public if line.startswith("UID:")]
        assert next(line for line in own if line.startswith("URL:")).endswith(f"/tap-huan/ve/{held.code}/")
        assert held.person.name not in "".join(own)

    def test_what_was_called_off_is_marked_so(self, planned, change, anybody):
        Session.objects.create(
            workshop=planned,
            name="Sáng",
            starts_at=cast.NOW,
            ends_at=cast.NOW + timedelta(hours=1),
            cancelled_at=cast.NOW,
        )
        change()
        assert [line for line in lines(anybody.get(FILE)) if line.startswith("STATUS:")] == [
            "STATUS:CANCELLED",
            "STATUS:CONFIRMED",
        ]
        assert "SUMMARY:Bộ tiêu chí mới: Sáng" in lines(anybody.get(FILE))

    def test_of_one_without_sessions_there_is_none(self, planned, change, anybody):
        planned.sessions.get().agenda.all().delete()
        Session.objects.all().delete()
        change()
        assert anybody.get(FILE).status_code == 404
        assert anybody.get(ADDRESS).status_code == 200


class TestWriting:
    def test_signs_that_mean_something_are_escaped(self):
        assert escaped("a;b,c\\d\r\ne\nf") == "a\\;b\\,c\\\\d\\ne\\nf"

    @given(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\r\n"), max_size=400))
    def test_folded_lines_are_short_and_unfold_to_what_they_were(self, line):
        parts = folded(line).split("\r\n")
        assert all(len(part.encode()) <= 75 for part in parts)
        assert "".join([parts[0], *(part[1:] for part in parts[1:])]) == line
        assert all(part.startswith(" ") for part in parts[1:])
