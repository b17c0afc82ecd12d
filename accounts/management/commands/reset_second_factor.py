from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import actions
from accounts.models import User
from lib import phones
from lib.refusals import Refusal


class Command(BaseCommand):
    help = (
        "Gỡ bước xác minh thứ hai của một cán bộ và đăng xuất người ấy khỏi mọi máy. / "
        "Takes a colleague's second factor away and ends their sessions."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("phone", help="số điện thoại đăng nhập / the number of the log-in")
        parser.add_argument("--reason", default="quản trị máy chủ", help="ghi vào nhật ký / for the audit log")

    def handle(self, *, phone: str, reason: str, **options: Any) -> None:
        try:
            user = User.objects.filter(phone=phones.to_e164(phone)).first()
        except ValidationError as error:
            raise CommandError(error.messages[0]) from error
        if user is None:
            raise CommandError("Không có tài khoản nào dùng số này. / No account has this number.")
        try:
            actions.reset_second_factor(user=user, by=None, reason=reason)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            "Đã gỡ; lần đăng nhập tới chỉ cần mật khẩu. / Taken away; the next log-in needs only the password."
        )
