from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from certificates import actions, keys
from certificates.models import Issuer, SigningKey
from lib.refusals import Refusal


class Command(BaseCommand):
    help = (
        "Khóa ký giấy chứng nhận: xem, tạo, ngừng, báo lộ. / Keys that sign certificates: list, make, retire, disown."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        doing = parser.add_subparsers(dest="doing", required=True)
        doing.add_parser("list", help="mọi khóa / all keys")
        making = doing.add_parser("make", help="khóa mới, thay khóa đang dùng / a new key in place of the one in use")
        making.add_argument("issuer", help="chữ viết tắt của đơn vị cấp / code of the issuer")
        for name, what in (
            ("retire", "không ký giấy mới nữa / signs nothing new"),
            ("disown", "người khác có thể đã có khóa / others may have it"),
        ):
            doing.add_parser(name, help=what).add_argument("kid", help="tên khóa / name of the key")

    def handle(self, *, doing: str, **options: Any) -> None:
        try:
            getattr(self, doing)(**options)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal

    def list(self, **_options: Any) -> None:
        for key in SigningKey.objects.select_related("issuer").order_by("issuer", "-made_at"):
            self.stdout.write(f"{key.kid}  {key.issuer.code}  {key.made_at:%Y-%m-%d}  {_state(key)}")

    def make(self, *, issuer: str, **_options: Any) -> None:
        found = Issuer.objects.filter(code=issuer).first()
        if found is None:
            known = ", ".join(Issuer.objects.values_list("code", flat=True)) or "–"
            raise CommandError(
                f"Không có đơn vị cấp “{issuer}”; đang có: {known}. / No such issuer; there are: {known}."
            )
        key = actions.make_key(issuer=found, by=None, at=timezone.now())
        self.stdout.write(f"{key.kid}  {keys.path_of(key.kid)}")

    def retire(self, *, kid: str, **_options: Any) -> None:
        actions.retire_key(key=_found(kid), by=None, at=timezone.now())

    def disown(self, *, kid: str, **_options: Any) -> None:
        actions.disown_key(key=_found(kid), by=None, at=timezone.now())


def _found(kid: str) -> SigningKey:
    key = SigningKey.objects.filter(kid=kid).first()
    if key is None:
        raise CommandError(f"Không có khóa “{kid}”. / No such key.")
    return key


def _state(key: SigningKey) -> str:
    if key.disowned_at:
        return f"báo lộ / disowned {key.disowned_at:%Y-%m-%d}"
    if key.retired_at:
        return f"đã ngừng / retired {key.retired_at:%Y-%m-%d}"
    try:
        return "đang dùng / in use" if keys.private_key(key.kid) else "thiếu khóa riêng / private half is missing"
    except keys.KeyFileError as fault:
        return f"hỏng / unusable: {fault}"
