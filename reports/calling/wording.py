"""What an officer reads of whom to call, and the message that can be sent from the officer's own phone: never a score."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from lib import dates, phones
from reports.models import Contact, Outcome, Reason, Reminder
from reports.reminding import codes
from reports.reminding.wording import link_of


@dataclass(frozen=True)
class Told:
    """A line of the list; `message` has a line for each part, and is empty for whoever wants none. `number` is what can be dialled, `phone` how it is read; both may be empty."""

    contact: Contact
    name: str
    reason: str
    action: str
    message: str
    phone: str
    number: str
    reminded: str = ""  # that a reminder was sent by message, which is no answer yet
    address: str = ""  # of the person or the subject in the admin, for whoever may open it
    helping: str = ""  # where a session to help begins, for whoever may and where that is what a call offers

    @property
    def outcomes(self) -> list[Outcome]:
        """What can come of it: nobody dials where there is no number."""
        without = {Outcome.TO_CALL} if self.phone else {Outcome.TO_CALL, Outcome.CALLED, Outcome.WRONG}
        return [one for one in Outcome if one not in without]


def told(contact: Contact, *, by: str, office: str, reminded: Reminder | None = None, wants_none: bool = False) -> Told:
    """`by` is who calls, and for which `office`, as the message says it: a link from an unknown number reads as fraud."""
    of = {
        "course": str(contact.course or ""),
        "day": dates.short(contact.since) if contact.since else "",
        "product": _product(contact),
        "name": str(contact),
        "officer": by,
        "place": office,
    }
    reasons = {
        Reason.FAILED: _("Đã làm bài kiểm tra khóa “%(course)s” ít nhất hai lần mà chưa đạt."),
        Reason.EXPIRING: _("Giấy chứng nhận khóa “%(course)s” hết hạn ngày %(day)s."),
        Reason.STALLED: _("Đang học dở khóa “%(course)s”, tạm dừng từ ngày %(day)s."),
        Reason.STARS: _("Hạng sao OCOP của “%(product)s” hết hạn ngày %(day)s."),
        Reason.UNSTARTED: _("Ghi danh khóa “%(course)s” ngày %(day)s, chưa bắt đầu."),
        Reason.ABSENT: _("Chủ thể này chưa có ai tham gia học."),
    }
    actions = {
        Reason.FAILED: _("Hỏi xem còn vướng chỗ nào, rồi hẹn cùng xem lại bài."),
        Reason.EXPIRING: _("Nhắc gia hạn trong mục Giấy chứng nhận."),
        Reason.STALLED: _("Hỏi thăm và nhắc học tiếp từ chỗ đang dở."),
        Reason.STARS: _("Nhắc chuẩn bị hồ sơ đánh giá lại."),
        Reason.UNSTARTED: _("Hỏi xem có cần giúp mở bài đầu tiên không."),
        Reason.ABSENT: _("Mời một người của chủ thể tham gia học."),
    }
    phone, number = _number(contact)
    reason = Reason(contact.reason)
    action = " ".join(filter(None, (actions[reason], _whom(contact))))
    return Told(
        contact, str(contact), reasons[reason] % of, action, "" if wants_none else _message(contact, reason, of), phone, number,
        _("đã nhắn ngày %(day)s") % {"day": dates.short(dates.local_day(reminded.at))} if reminded else "",
    )  # fmt: skip


def _message(contact: Contact, reason: Reason, of: dict[str, str]) -> str:
    greeting = _("Chào anh/chị %(name)s,") if contact.person else _("Kính gửi %(name)s,")
    bodies = {
        Reason.FAILED: _("Bài kiểm tra khóa “%(course)s” nếu còn chỗ nào chưa rõ, tôi sẽ cùng anh/chị xem lại. Bài học ở đây: %(link)s"),
        Reason.EXPIRING: _("Giấy chứng nhận khóa “%(course)s” của anh/chị còn giá trị đến ngày %(day)s. Anh/Chị gia hạn ở đây: %(link)s"),
        Reason.STALLED: _("Khóa “%(course)s” anh/chị đang học dở, bài đã học vẫn còn lưu. Khi nào tiện, anh/chị học tiếp ở đây: %(link)s"),
        Reason.STARS: _("Hạng sao OCOP của “%(product)s” có giá trị đến ngày %(day)s, nên chuẩn bị hồ sơ đánh giá lại từ bây giờ. Các khóa học miễn phí ở đây có thể giúp: %(link)s"),
        Reason.UNSTARTED: _("Anh/Chị đã ghi danh khóa “%(course)s”. Bài đầu chỉ mất ít phút, học trên điện thoại, miễn phí: %(link)s"),
        Reason.ABSENT: _("Xin mời đơn vị cử một người học thử các khóa OCOP miễn phí trên điện thoại: %(link)s"),
    }  # fmt: skip
    words = (
        greeting,
        _("Tôi là %(officer)s, cán bộ %(place)s."),
        bodies[reason],
        _("Cần giúp gì, anh/chị cứ gọi cho tôi."),
        *([_("Không muốn nhận tin nhắn nhắc học nữa, anh/chị cũng mở đường dẫn trên.")] if contact.person else []),
    )
    link = link_of(codes.copied(contact)) if contact.person else f"{settings.BASE_URL}/"
    return "\n".join(words) % (of | {"link": link})


def _whom(contact: Contact) -> str:
    """Behind a subject's number there is somebody with a name."""
    leader = contact.subject.leader if contact.subject else ""
    return _("Hỏi gặp %(leader)s.") % {"leader": leader} if leader else ""


def _product(contact: Contact) -> str:
    """The one whose stars end first."""
    if contact.reason != Reason.STARS or contact.subject is None:
        return ""
    found = contact.subject.products.filter(valid_until=contact.since, stars__isnull=False).first()
    return str(found or contact.subject)


def _number(contact: Contact) -> tuple[str, str]:
    """A subject's number is written as it stands on a list: it can be dialled only if it is one number."""
    if contact.person:
        stored = contact.person.contact_phone
        return phones.readable(stored), stored
    written = contact.subject.phone if contact.subject else ""
    numbers = phones.in_cell(written)
    return (phones.readable(numbers[0]), numbers[0]) if len(numbers) == 1 else (written, "")
