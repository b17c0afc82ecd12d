"""The photos of a workshop that stand in its report: whoever runs it brings them along, says what they show, and puts them in order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import User
from lib import text
from lib.refusals import Refusal
from workshops.models import ReportPhoto, Workshop
from workshops.rules import MOST_PHOTOS

ACTION = "workshops.report_photographed"


@dataclass(frozen=True)
class Drawn:
    """A JPEG in which nothing but the picture is; `sha256` in hexadecimal."""

    data: bytes
    width: int
    height: int
    sha256: str


@dataclass(frozen=True)
class PhotoSpec:
    """`position`: where it is wanted, from 1."""

    pk: int
    caption: str
    position: int
    gone: bool = False


@transaction.atomic
def add_photos(*, workshop: Workshop, photos: Sequence[Drawn], by: User, at: datetime) -> int:
    """Behind those that are there. One that is there already is passed over, so that a second press adds nothing. How many were added.
    Raises Refusal for more than a report holds, and adds none of them."""
    _lock(workshop)
    there = list(ReportPhoto.objects.filter(workshop=workshop).values_list("sha256", flat=True))
    new = {one.sha256: one for one in photos if one.sha256 not in there}
    if len(there) + len(new) > MOST_PHOTOS:
        raise Refusal(
            _(
                "Chưa thêm ảnh, vì báo cáo chỉ nhận %(most)s ảnh: đang có %(there)s, anh/chị chọn thêm %(new)s. Hãy bỏ bớt rồi chọn lại."
            )
            % {"most": MOST_PHOTOS, "there": len(there), "new": len(new)}
        )
    ReportPhoto.objects.bulk_create(
        ReportPhoto(
            workshop=workshop, data=one.data, width=one.width, height=one.height, sha256=one.sha256, position=position,
            added_by=by, added_at=at,
        )
        for position, one in enumerate(new.values(), len(there) + 1)
    )  # fmt: skip
    if new:
        log(instance=workshop, action=ACTION, user=by, timestamp=at, data={"added": len(new)})
    return len(new)


@transaction.atomic
def arrange_photos(*, workshop: Workshop, photos: Sequence[PhotoSpec], by: User, at: datetime) -> None:
    """What is not among this workshop's photos, as one that somebody else took away meanwhile, is passed over."""
    _lock(workshop)
    there = {one.pk: one for one in ReportPhoto.objects.filter(workshop=workshop).defer("data")}
    wanted = {one.pk: one for one in photos if one.pk in there}
    gone = [pk for pk, one in wanted.items() if one.gone]
    ReportPhoto.objects.filter(workshop=workshop, pk__in=gone).delete()
    stay = [one for pk, one in there.items() if pk not in gone]
    for number, one in enumerate(sorted(stay, key=lambda one: _turn(one, wanted.get(one.pk))), 1):
        said = wanted.get(one.pk)
        one.position, one.caption = number, text.nfc(said.caption)[:200] if said else one.caption
    ReportPhoto.objects.bulk_update(stay, ["position", "caption"])
    log(instance=workshop, action=ACTION, user=by, timestamp=at, data={"removed": len(gone)})


def _lock(workshop: Workshop) -> None:
    Workshop.objects.select_for_update(no_key=True, of=("self",)).get(pk=workshop.pk)


def _turn(photo: ReportPhoto, wanted: PhotoSpec | None) -> float:
    """One that moves up stands before, one that moves down behind whatever has that place."""
    place = wanted.position if wanted else photo.position
    return place + (0.5 if place > photo.position else -0.5 if place < photo.position else 0)
