"""What officers of the demo find on a Monday (số liệu minh họa): the year's targets, classes held elsewhere, and what waits for them."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from accounts import actions as accounts
from accounts.models import ConsentText, OfficialLevel, Person, PersonKind, User
from accounts.queries import current_consent_texts, text_of
from accounts.rights import actions as rights
from courses.models import Topic
from lib import phones
from lib.dates import local_day
from provinces.models import Place
from provinces.queries import places_within
from reports.covered import actions as covered
from reports.models import Figure, Target
from reports.plan import actions as plan
from reports.sending import actions as sending

PROVINCE, COMMUNE = "Cà Mau", "Phan Ngọc Hiển"
OF_THE_PROVINCE: dict[str, int | None] = {
    Figure.CLASSES: 12,
    Figure.TIMES: 600,
    Figure.PERSONS: 300,
    Figure.SUBJECTS: 240,
}
POSTS: dict[str, int | None] = {OfficialLevel.PROVINCE: 12, OfficialLevel.COMMUNE: 64}  # of the province
OF_THE_COMMUNE: dict[str, int | None] = {Figure.TIMES: 40, Figure.PERSONS: 30}
ANSWERED = 36  # of those who learn there
# Days before today, name, organiser, people, women, officials.
ELSEWHERE = [
    (40, "Tập huấn làm nhãn hàng hóa (mẫu)", "Hội Liên hiệp Phụ nữ tỉnh (mẫu)", 45, 38, 5),
    (75, "Hướng dẫn hồ sơ phân hạng sao (mẫu)", "Phòng Kinh tế xã (mẫu)", 28, None, None),
]


def load(*, now: datetime) -> Iterator[str]:
    """Once: where targets stand already, all is left alone."""
    if Target.objects.exists():
        return
    of_province, of_commune = (User.objects.get(phone=phones.to_e164(phone)) for phone in ("0900000005", "0900000004"))
    province = Place.objects.current().provinces().get(name=PROVINCE)
    commune = province.children.current().get(name=COMMUNE)
    today = local_day(now)
    plan.set_targets(place=province, year=today.year, values=OF_THE_PROVINCE, by=of_province, at=now)
    plan.set_targets(place=commune, year=today.year, values=OF_THE_COMMUNE, by=of_province, at=now)
    covered.set_posts(place=province, numbers=POSTS, by=of_province, at=now)
    covered.set_posts(place=commune, numbers={OfficialLevel.COMMUNE: 5}, by=of_commune, at=now)
    for days, title, organiser, people, women, officials in ELSEWHERE:
        day = max(today - timedelta(days=days), today.replace(month=1, day=1))
        said = {"people": people, "women": women, "officials": officials, "legal_base": "số liệu minh họa"}
        place, topic = (commune if women is None else province), Topic.objects.order_by("position")[0]
        plan.write_outside(
            place=place, day=day, title=title, organiser=organiser, topic=topic, by=of_province, at=now, **said
        )
    sending.subscribe(
        user=of_province, place=province, what="board", every="week", way="message", by=of_province, at=now
    )
    _answers(province, now)
    yield from _what_waits(commune, of_commune, now)
    yield "chỉ tiêu năm, số vị trí cán bộ phụ trách, hai lớp tổ chức ngoài hệ thống (số liệu minh họa)"


def _answers(province: Place, now: datetime) -> None:
    """What some said of themselves, so that the province has a total."""
    text = text_of(ConsentText.Purpose.MINORITY, "vi")
    learners = Person.objects.filter(is_demo=True, enrolments__place__in=places_within(province), merged_into=None)
    for number, person in enumerate(learners.distinct().order_by("pk")[:ANSWERED]):
        accounts.answer_minority(person=person, text=text, is_minority=number % 3 == 0, at=now)


def _what_waits(commune: Place, officer: User, now: datetime) -> Iterator[str]:
    """A record that was written twice, somebody who moves away, somebody whose year of birth is wrong."""
    here = Person.objects.filter(is_demo=True, place=commune, merged_into=None, kind=PersonKind.SUBJECT, user=None)
    learners = list(here.select_related("subject").order_by("pk")[:3])
    if len(learners) < 3:
        return
    twice, moving, wrong = learners
    accounts.register_person(
        user=None, name=twice.name, birth_year=twice.birth_year, place=commune, kind=twice.kind, subject_role=twice.subject_role, consents=[one for one in current_consent_texts("vi") if one.is_required], how="paper", at=now, is_demo=True,
    )  # fmt: skip
    elsewhere = (
        Place.objects.current().communes().filter(parent=commune.parent).exclude(pk=commune.pk).order_by("search")[0]
    )
    in_two_weeks = local_day(now) + timedelta(days=14)
    accounts.write_move(
        person=moving, place=elsewhere, moves_on=in_two_weeks, by=officer, reason="về quê vợ (số liệu minh họa)", at=now
    )
    rights.ask(person=wrong, kind="correct", note="Năm sinh trong hồ sơ bị sai.", by=officer, at=now)
    yield "một người ghi hai lần, một người sắp chuyển nơi ở, một yêu cầu về dữ liệu"
