"""Log-ins. A person may have one; colleagues have one without being a learner."""

from datetime import date
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from lib import phones
from lib.dates import local_day

from .people import Person

# Never finished signing up: no person, and no colleague either, who has a name of their own or rights at least.
UNFINISHED = Q(person=None, is_staff=False, display_name="")


class UserManager(BaseUserManager["User"]):
    def create_user(self, phone: str | None = None, password: str | None = None, **fields: object) -> "User":
        user = self.model(phone=phones.to_e164(phone) if phone else None, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, phone: str, password: str, **fields: object) -> "User":
        """The first administrator (`manage.py createsuperuser`): rights follow roles, so this one gets the role as well."""
        from .roles import Role, RoleAssignment  # they rest on users

        now = timezone.now()
        user = self.create_user(phone, password, is_staff=True, is_superuser=True, **fields)
        RoleAssignment.objects.create(
            user=user, role=Role.ADMINISTRATOR, place=None, valid_from=local_day(now), granted_at=now
        )
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A log-in. The phone number is unique or absent: holders of a one-time card may have none.

    `password` holds a trainee's PIN (`has_pin`) or a staff member's password; a PIN never opens the admin.
    `session_mark` is part of what a session is bound to, as the password is: a new one ends all sessions.
    `phone_verified_at` is set by a code only: whoever writes a number down, for themselves too, may mistype it.
    """

    phone = models.CharField(_("số điện thoại"), max_length=16, unique=True, null=True, blank=True)
    phone_verified_at = models.DateTimeField(null=True, blank=True)
    person = models.OneToOneField(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="user", verbose_name=_("người")
    )
    display_name = models.CharField(
        _("họ và tên"), max_length=100, blank=True, help_text=_("Của cán bộ không phải là học viên")
    )
    has_pin = models.BooleanField(default=False)
    session_mark = models.CharField(max_length=12, default="", blank=True, editable=False)
    is_staff = models.BooleanField(_("vào được trang quản trị"), default=False)
    is_active = models.BooleanField(_("còn dùng"), default=True)
    is_demo = models.BooleanField(default=False, editable=False)
    date_joined = models.DateTimeField(default=timezone.now)
    profile_draft = models.JSONField(default=dict, blank=True, editable=False)

    # The assignments of a day, kept for this object by `accounts.access.roles_of`.
    roles_known: tuple[date, list[Any]] | None = None

    objects = UserManager()

    USERNAME_FIELD = "phone"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("tài khoản")
        verbose_name_plural = _("tài khoản")
        indexes = [models.Index(fields=["person"], condition=models.Q(is_active=False), name="user_switched_off")]

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        if self.person_id and self.person:
            return self.person.name
        return self.display_name or (phones.masked(self.phone) if self.phone else f"#{self.pk}")

    @property
    def email(self) -> str:
        """Nobody has one here; Wagtail asks for it before it sends a mail, and then sends none."""
        return ""

    @property
    def first_name(self) -> str:
        """What Wagtail's side bar calls somebody: the whole name, as names are not split here."""
        return self.get_full_name()

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Django's own, so that nobody is logged out by an upgrade, until a mark is set."""
        own: str = super()._get_session_auth_hash(secret=secret)  # type: ignore[misc]
        if not self.session_mark:
            return own
        salt = "accounts.models.User.session_mark"
        return salted_hmac(salt, own + self.session_mark, secret=secret, algorithm="sha256").hexdigest()

    def get_short_name(self) -> str:
        return self.get_full_name().split()[-1]
