import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from lib import dates
from lib.refusals import Refusal
from workshops import actions
from workshops.access import is_manned
from workshops.models import Desk, Workshop

ACTS = ("make", "recode", "end", "shut", "list")


class Command(BaseCommand):
    help = (
        "Bàn điểm danh của một lớp: lập (in mã và đường dẫn), cấp mã mới, đóng, thôi nhận. / Desks of a workshop: made (prints code and "
        "link, once), given another code, ended, shut."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=ACTS)
        parser.add_argument("slug", help="của lớp / of the workshop")
        parser.add_argument("--desk", type=int, metavar="NUMBER", help="as `list` shows it; for recode, end, shut")
        parser.add_argument("--name", default="", help="of the desk that is made")
        parser.add_argument("--hours", type=int, default=8, help="for which its code holds: 1 to 72")
        parser.add_argument("--json", action="store_true", dest="as_json")

    @sensitive_variables()
    def handle(
        self, *, act: str, slug: str, desk: int | None, name: str, hours: int, as_json: bool, **_more: Any
    ) -> None:
        workshop = Workshop.objects.select_related("activity").filter(slug=slug).first()
        if workshop is None:
            raise CommandError(f"Không có lớp “{slug}”. / There is no such workshop.")
        if act == "list":
            self._say([_told(one) for one in workshop.desks.order_by("pk")], as_json)
            return
        try:
            told = _made(workshop, name, hours) if act == "make" else _changed(act, _desk(workshop, desk))
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self._say([told], as_json)

    @sensitive_variables()
    def _say(self, desks: list[dict[str, Any]], as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(desks, ensure_ascii=False))
            return
        for one in desks:
            self.stdout.write(
                f"{one['desk']}: {one['name']}, {'mở/open' if one['open'] else 'đóng/over'}, {one['until']}"
            )
            if "code" in one:
                self.stdout.write(f"  Mã / code: {one['code']}\n  {one['link']}")


@sensitive_variables()
def _made(workshop: Workshop, name: str, hours: int) -> dict[str, Any]:
    if not 1 <= hours <= 72:
        raise CommandError("--hours: từ 1 đến 72. / From 1 to 72.")
    desk, code = actions.make_desk(workshop=workshop, name=name, hours=hours, by=None, at=timezone.now())
    return _told(desk) | _opening(code)


@sensitive_variables()
def _changed(act: str, desk: Desk) -> dict[str, Any]:
    now = timezone.now()
    if act == "recode":
        code = actions.recode_desk(desk=desk, by=None, at=now)
        return _told(desk) | _opening(code)
    change = actions.end_desk if act == "end" else actions.shut_desk
    if not change(desk=desk, by=None, at=now):
        raise CommandError(f"{desk.name}: đã đóng từ trước. / It was over already.")
    desk.refresh_from_db()
    return _told(desk)


def _desk(workshop: Workshop, number: int | None) -> Desk:
    found = workshop.desks.filter(pk=number).first() if number is not None else None
    if found is None:
        known = "; ".join(f"{one.pk} ({one.name})" for one in workshop.desks.order_by("pk")) or "–"
        raise CommandError(f"Hãy chỉ một bàn của lớp này bằng --desk. / Name one of its desks: {known}")
    return found


def _told(desk: Desk) -> dict[str, Any]:
    now = timezone.now()
    return {
        "desk": desk.pk, "name": desk.name, "open": is_manned(desk, now), "shut": desk.shut_at is not None,
        "until": dates.moment(desk.ended_at or desk.expires_at),
    }  # fmt: skip


@sensitive_variables()
def _opening(code: str) -> dict[str, str]:
    """As the admin shows them once; the code stands in the link's fragment, which no browser sends."""
    return {"code": f"{code[:5]} {code[5:]}", "link": f"{settings.BASE_URL}{reverse('desk:door')}#ma={code}"}
