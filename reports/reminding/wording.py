"""What a reminder says: plain letters, one message long where names can be shortened to it, and never a score."""

from django.conf import settings

from lib import dates, sms
from reports.models import Contact, Reason

from . import codes

SHORTEST_COURSE, SHORTEST_PLACE = 10, 12  # letters that are kept whatever else is said
_SAYING = {
    Reason.FAILED: "khoa {course} con cho chua ro, can bo se cung xem.",
    Reason.EXPIRING: "giay CN {course} het han {day}, moi gia han.",
    Reason.STALLED: "khoa {course} hoc do van con luu.",
    Reason.UNSTARTED: "khoa {course} dang doi, bai dau vai phut.",
}
_AROUND = "Hoc OCOP {{place}}: chao {{who}}, {saying} Xem, thoi nhan tin: {{link}}"


def body(contact: Contact) -> str:
    """Of a person's line of the list."""
    person = contact.person
    given = sms.plain(person.given_name) if person else ""
    return sms.fitted(
        _AROUND.format(saying=_SAYING[Reason(contact.reason)]),
        {
            "course": (sms.plain(str(contact.course or "")), SHORTEST_COURSE),
            "place": (sms.plain(str(contact.list.place)), SHORTEST_PLACE),
        },
        who=f"anh/chi {given}".strip(),
        day=dates.short(contact.since) if contact.since else "",
        link=link_of(codes.of(contact)),
    )


def link_of(code: str) -> str:
    return f"{settings.BASE_URL}/nhac/{code}/"
