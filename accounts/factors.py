"""The second factor of colleagues, as allauth asks for it: who is asked at log-in, and how its secrets are kept
(docs/decisions/0025-second-factor.md)."""

import logging
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.stages import AuthenticateStage
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lib import sealing

from .queries import has_staff_password
from .sessions import methods_of

PURPOSE = "accounts.factors"
logger = logging.getLogger(__name__)


class FactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _(
            "Mã chưa đúng, đã hết hạn hoặc vừa dùng rồi. Hãy đợi ứng dụng hiện mã mới rồi nhập lại; mã dự phòng thì mỗi mã dùng được một lần."
        ),
        "unmatched_code": _(
            "Mã chưa khớp. Hãy đợi ứng dụng hiện mã mới rồi nhập lại. Vừa tải lại trang thì phải quét lại mã QR ở trên trước."
        ),
        "incorrect_key": _("Chưa nhận được khóa truy cập. Hãy bấm nút để thử lại, và dùng đúng máy đã lưu khóa."),
        "too_many_codes": _(
            "Vừa nhập sai nhiều lần nên chưa làm tiếp được. Tài khoản vẫn còn nguyên. Hãy đợi 15 phút rồi thử lại; vẫn chưa được thì hỏi quản trị hệ thống."
        ),
        "unreadable": _(
            "Máy chủ không đọc được bước xác minh thứ hai của tài khoản này. Hãy báo quản trị hệ thống gỡ bước thứ hai, rồi cài lại."
        ),
        "cannot_generate_recovery_codes": _("Hãy cài ứng dụng hoặc khóa truy cập trước, rồi mới tạo mã dự phòng."),
    }

    def get_totp_label(self, user: Any) -> str:
        return str(user)

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        return gettext("Khóa truy cập")

    def _get_site_name(self) -> str:
        return str(settings.MFA_TOTP_ISSUER)

    def encrypt(self, text: str) -> str:
        return sealing.keys(PURPOSE).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Raises InvalidToken where no key of today opens it."""
        try:
            return sealing.keys(PURPOSE).decrypt(encrypted_text).decode()
        except sealing.InvalidToken:
            logger.error("a second factor cannot be read: is its SECRET_KEY missing in SECRET_KEY_FALLBACKS?")
            raise


class SecondStep(AuthenticateStage):
    """Asked of whoever gave a staff password. What a PIN, a code or a card opens is no admin, and asks for nothing more."""

    def handle(self) -> tuple[Any, bool]:
        user = self.login.user
        if user is None or "password" not in methods_of(self.request) or not has_staff_password(user):
            return None, True
        asked: tuple[Any, bool] = super().handle()
        return asked
