"""Log-ins: by number, PIN and printed card."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts import rules
from accounts.models import UNFINISHED, OneTimeCard, Person, SentCode, User
from accounts.queries import has_staff_password
from lib import codes
from lib.dates import local_day, start_of_day
from lib.refusals import Refusal
from messaging.actions import enqueue

CARD = "one-time-card"
CARD_DAYS = 14
UNVERIFIED_DAYS = 2


@transaction.atomic
def user_for_phone(*, phone: str, at: datetime) -> User:
    """The log-in of a number, held until the transaction ends; an unknown number gets one that is deleted after two days
    if no code confirms it.
    """
    user, created = User.objects.select_for_update().get_or_create(phone=phone, defaults={"date_joined": at})
    if created:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user


@transaction.atomic
def end_proof(*, user: User) -> None:
    """The number has to be proved anew: whoever proved it may be another than its log-in is given to now. They are out, since
    sessions hang on the password's hash, and the next code asks whose it is."""
    user.phone_verified_at = None
    user.save(update_fields=["phone_verified_at"])
    _let_out(user)


def _let_out(user: User) -> None:
    """Of all sessions, which hang on the password's hash; neither a PIN nor what was linked in one of them opens anything any more."""
    user.has_pin = False
    user.set_unusable_password()
    user.save(update_fields=["has_pin", "password"])
    user.identities.all().delete()  # after its row is held: whoever is linking in this moment is done, or will see that it changed


def doubt_number(*, user: User) -> None:
    """An administrator writes another number down for a colleague, which nobody has proved.

    Who has a password for the admin stays in, and comes in by it: it says who they are, and the admin opens to nothing else.
    Whoever may be in by the number before opens learners' pages for twelve hours at most; a new password ends that at once.
    Former colleagues are remembered for longer: for them it is as for learners.
    """
    if not has_staff_password(user):
        return end_proof(user=user)
    user.phone_verified_at = None
    user.save(update_fields=["phone_verified_at"])
    return None


def _unproved(user: User) -> QuerySet[User]:
    """The log-in as it was when its number was proved; nobody proves a number that there is none of."""
    number = Q(phone=user.phone, phone__isnull=False)
    return User.objects.filter(number, pk=user.pk, phone_verified_at=None)


@transaction.atomic
def confirm_number(*, user: User, at: datetime) -> bool:
    """Whoever has proved the number says that they are the person of the log-in; False when that was answered otherwise.

    What they began to type for signing up is needed no more. Whoever was in before, by a card or with a PIN that they set, had
    not proved the number: that PIN and those sessions end. A colleague's password stays.
    """
    if not _unproved(user).update(phone_verified_at=at, profile_draft={}):
        return False
    if not has_staff_password(user):
        _let_out(user)
    return True


@transaction.atomic
def part_from_person(*, user: User, at: datetime) -> User | None:
    """Whoever has proved the number says that they are somebody else than the person an officer wrote it down for.

    The number becomes a log-in of its own, proved, with what its holder had begun to type, and is no longer kept with that
    person, whose log tells so. Returns that log-in; None when the question was answered already. Raises Refusal for a colleague's: only a number opens the admin.
    """
    held = _unproved(user).select_for_update().first()
    if held is None or User.objects.filter(UNFINISHED, pk=held.pk).exists():
        return None
    if held.person is None or has_staff_password(held):
        raise Refusal(
            _(
                "Chưa gỡ số này, vì đây là số đăng nhập của một tài khoản cán bộ. Anh/Chị chưa vào, và không có gì thay đổi. Số này là của anh/chị mà không phải của người ấy thì hãy báo quản trị hệ thống sửa giúp, rồi vào lại."
            )
        )
    person, phone = held.person, str(held.phone)
    draft, held.phone, held.profile_draft = held.profile_draft, None, {}
    held.save(update_fields=["phone", "profile_draft"])
    if person.contact_phone == phone:
        person.contact_phone = ""
        person.save(update_fields=["contact_phone"])
    log(instance=person, title=person.log_title, action="accounts.number_not_theirs")
    newcomer = user_for_phone(phone=phone, at=at)
    newcomer.phone_verified_at, newcomer.profile_draft = at, draft
    newcomer.save(update_fields=["phone_verified_at", "profile_draft"])
    return newcomer


@transaction.atomic
def send_code(*, phone: str, key: str, code: str, at: datetime) -> None:
    """The one door by which a log-in code leaves. Raises BudgetSpent when the day's messages are used up."""
    SentCode.objects.create(key=key, sent_at=at)
    # Without diacritics: 160 letters fit one message, with them only 70.
    body = _("Hoc OCOP: ma xac nhan cua anh/chi la %(code)s, het han sau 10 phut. Khong dua ma nay cho ai.")
    enqueue(to=phone, body=body % {"code": code}, purpose="login-code", is_secret=True, at=at)


def take_try(*, key: str) -> bool:
    """Uses up one of the tries of a code before it is compared; False when none is left, however many come at once."""
    left = SentCode.objects.filter(key=key, tries__lt=settings.ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS)
    return bool(left.update(tries=F("tries") + 1))


def replace_code(*, key: str) -> bool:
    """Ends a code before the next one is sent; False when that happened already."""
    return bool(SentCode.objects.filter(key=key).delete()[0])


def forget_codes(*, at: datetime) -> int:
    """Deletes the counts of codes that ran out long ago."""
    return SentCode.objects.filter(sent_at__lt=at - timedelta(days=1)).delete()[0]


def forget_unverified(*, at: datetime) -> int:
    """Deletes log-ins whose number nobody ever confirmed."""
    stale = User.objects.filter(
        UNFINISHED,
        phone_verified_at=None,
        last_login=None,
        date_joined__lt=at - timedelta(days=UNVERIFIED_DAYS),
    )
    return stale.delete()[0]


@transaction.atomic
def set_pin(*, user: User, pin: str) -> None:
    """Raises Refusal for staff, also before the first day (they have a password), for a weak PIN, and for a log-in that was
    given another number or key since `user` was read: who was let out by that must not leave a PIN behind.
    """
    if has_staff_password(user):
        raise Refusal(
            _(
                "Chưa đặt mã PIN, vì tài khoản cán bộ đăng nhập bằng mật khẩu. Mật khẩu vẫn như cũ; anh/chị cứ dùng mật khẩu đó."
            )
        )
    birth_year = user.person.birth_year if user.person else None
    if rules.weak_pin(pin, birth_year):
        raise Refusal(
            _("Mã PIN này dễ đoán nên chưa lưu. Hãy chọn sáu số khác, tránh dãy liền nhau, số lặp lại hay năm sinh.")
        )
    as_it_was = User.objects.filter(pk=user.pk, phone=user.phone, password=user.password)
    user.set_password(pin)
    user.has_pin = True
    if not as_it_was.update(password=user.password, has_pin=True):
        raise Refusal(
            _(
                "Chưa đặt mã PIN, vì số điện thoại hoặc mã của tài khoản này vừa thay đổi. Kết quả học vẫn còn nguyên. Anh/Chị đăng nhập lại rồi đặt mã."
            )
        )


def last_day_of_card(at: datetime) -> date:
    """Printed on a card that is issued at that moment; the card works until the end of it."""
    return local_day(at) + timedelta(days=CARD_DAYS)


@transaction.atomic
def issue_card(*, person: Person, by: User, at: datetime) -> str:
    """A one-time code for printing, shown this once (XXXXX-XXXXX). Earlier unused cards of the person end."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    person.cards.filter(used_at=None, expires_at__gt=at, help=None).update(expires_at=at)
    code = codes.random_code(10)
    card = OneTimeCard.objects.create(
        person=person,
        code_digest=codes.digest(CARD, code),
        issued_by=by,
        issued_at=at,
        expires_at=start_of_day(last_day_of_card(at) + timedelta(days=1)),
    )
    log(instance=person, title=person.log_title, action="accounts.card_issued", user=by, data={"card": card.pk})
    return f"{code[:5]}-{code[5:]}"


@transaction.atomic
def issue_cards(*, people: Sequence[Person], by: User, at: datetime) -> list[str]:
    """As `issue_card`, all of them or none, in the order of `people`."""
    found = {one.pk: issue_card(person=one, by=by, at=at) for one in sorted(people, key=lambda one: one.pk)}
    return [found[one.pk] for one in people]


@transaction.atomic
def use_card(*, code: str, at: datetime) -> User:
    """The log-in of a card's person, made now if there is none. Raises Refusal for an unknown, used or expired card."""
    digest = codes.digest(CARD, codes.tidy(code))
    cards = OneTimeCard.objects.filter(code_digest=digest, person__merged_into=None, person__erased_at=None)
    card = cards.select_related("person").first()
    # The claim names columns of the card alone: a condition on the person would become a subquery, which PostgreSQL does
    # not look at again after waiting for another claim of the same card.
    if card is None or not OneTimeCard.objects.filter(pk=card.pk, used_at=None, expires_at__gt=at).update(used_at=at):
        raise Refusal(
            _(
                "Chưa vào được bằng mã này: mã gõ chưa đúng, đã dùng rồi hoặc đã hết hạn. Hãy xem lại từng chữ trên phiếu rồi gõ lại; vẫn không được thì xin cán bộ xã một phiếu mới. Kết quả học vẫn còn nguyên."
            )
        )
    return learner_of(card.person, at)


def learner_of(person: Person, at: datetime) -> User:
    """The log-in of a person, made now if there is none. Raises Refusal for one that is switched off, and for a colleague's."""
    user = User.objects.filter(person=person).first()
    if user is None:
        user = User(person=person, date_joined=at)
        user.set_unusable_password()
        user.save()
    if not user.is_active or user.is_staff:
        raise Refusal(
            _(
                "Chưa vào được: tài khoản này không đăng nhập bằng phiếu được, vì đã ngừng dùng hoặc là tài khoản cán bộ. Kết quả học vẫn còn nguyên. Học viên thì hỏi cán bộ xã; cán bộ thì đăng nhập bằng mật khẩu."
            )
        )
    return user


def old_cards(at: datetime) -> QuerySet[OneTimeCard]:
    """Some time after their last day (settings.CARD_LOG_DAYS), used or not."""
    return OneTimeCard.objects.filter(expires_at__lt=at - timedelta(days=settings.CARD_LOG_DAYS))


def forget_cards(*, at: datetime) -> int:
    return old_cards(at).delete()[0]
