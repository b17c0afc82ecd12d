"""Fetching is authorising: who somebody is, what is theirs, and what a place's manager may see."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_permission_codename
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from lib.dates import local_day
from provinces.models import Place, PlaceQuerySet
from provinces.queries import places_of

from .groups import roles_with
from .models import PENDING, ApiToken, Move, Person, PhoneChange, RoleAssignment, Subject, User
from .models.roles import RoleAssignmentQuerySet
from .models.subjects import SubjectQuerySet
from .queries import delegable_until, is_asked_again, is_or_was_colleague, managing
from .sessions import is_for_a_working_day, methods_of

type AnyUser = User | AnonymousUser
type View = Callable[..., HttpResponse]
SOON = timedelta(days=30)
MOVE_REMEMBERED = timedelta(days=30)


def person_of(user: AnyUser) -> Person | None:
    return user.person if isinstance(user, User) and user.person_id else None


def roles_of(user: AnyUser) -> list[RoleAssignment]:
    """The assignments that hold today, with their places. Asked for once by an object, that is once a request: the menu, the
    page and its lists all want to know."""
    if not isinstance(user, User) or not user.is_active:
        return []
    today = local_day(timezone.now())
    if user.roles_known is None or user.roles_known[0] != today:
        roles = RoleAssignment.objects.on(today).filter(user=user).select_related("place__parent")
        user.roles_known = (today, list(roles))
    return user.roles_known[1]


def roles_that_allow(user: AnyUser, permission: str) -> list[RoleAssignment]:
    """Of the assignments of today those whose role holds a permission."""
    allowing = roles_with(permission)
    return [assignment for assignment in roles_of(user) if assignment.role in allowing]


def managed_places(user: AnyUser, permission: str) -> PlaceQuerySet | None:
    """The places in which a user may do what a permission allows, former units included; None means the whole country.

    `has_perm` says that some role allows it; where, the place of that very role says: a second role in another place lends
    it nothing. Administrators do everything everywhere.
    """
    if user.is_superuser:
        return None
    ids: set[int] = set()
    for assignment in roles_that_allow(user, permission):
        if assignment.place is None:
            return None
        ids |= assignment.place_ids
    return places_of(ids)


def permission_to_see(queryset: QuerySet[Any]) -> str:
    meta = queryset.model._meta
    return f"{meta.app_label}.{get_permission_codename('view', meta)}"


def home_of(user: AnyUser, permission: str) -> Place | None:
    """The one place in which somebody may do what a permission allows; None for everybody who may elsewhere too."""
    if user.is_superuser:
        return None
    homes = {assignment.place for assignment in roles_that_allow(user, permission)}
    return homes.pop() if len(homes) == 1 else None


def people_visible_to(user: AnyUser, permission: str) -> QuerySet[Person]:
    """People whose present place is one in which a user may do this; decision 10 of the architecture. Nobody is left of whom
    was erased."""
    people = Person.objects.filter(merged_into=None, erased_at=None)
    places = managed_places(user, permission)
    return people if places is None else people.filter(place__in=places)


def subjects_visible_to(user: AnyUser, permission: str) -> SubjectQuerySet:
    """Subjects in the places in which a user may do this; each once, without the further names of one."""
    places, subjects = managed_places(user, permission), Subject.objects.standing()
    return subjects if places is None else subjects.filter(place__in=places)


def phone_changes_visible_to(user: AnyUser, permission: str) -> QuerySet[PhoneChange]:
    places = managed_places(user, permission)
    return PhoneChange.objects.all() if places is None else PhoneChange.objects.filter(place__in=places)


def moves_visible_to(user: AnyUser, permission: str) -> QuerySet[Move]:
    """Those of people who live in a place in which a user may do this. Of others what waits to be decided, out of such a place or into it;
    for a while who left it, and what the user decided: an office keeps no names of whom it has nothing to do with any more."""
    places, moves = managed_places(user, permission), Move.objects.filter(person__merged_into=None)
    if places is None:
        return moves
    since = timezone.now() - MOVE_REMEMBERED
    here, left = Q(before__in=places) | Q(after__in=places), Q(before__in=places, done_at__gte=since)
    waits, own = Q(state__in=PENDING) & here, Q(decided_by=user.pk, decided_at__gte=since) & here
    return moves.filter(Q(person__place__in=places) | waits | left | own)


def places_of_colleagues(user: AnyUser) -> PlaceQuerySet | None:
    """Where somebody keeps colleagues and their roles, former units included; None means the whole country."""
    if user.is_superuser:
        return None
    roles = managing(roles_of(user))
    if any(one.place is None for one in roles):
        return None
    return places_of(set().union(*(one.place_ids for one in roles)))


def keeps_colleagues(user: AnyUser) -> bool:
    return isinstance(user, User) and (user.is_superuser or bool(managing(roles_of(user))))


def roles_visible_to(user: AnyUser) -> RoleAssignmentQuerySet:
    """Roles of others, past ones too, in the places where somebody keeps colleagues. Those of the whole country are administrators'."""
    roles = RoleAssignment.objects.all()
    if user.is_superuser:
        return roles
    if not keeps_colleagues(user):
        return roles.none()
    places = places_of_colleagues(user)
    within = roles.filter(place__isnull=False) if places is None else roles.filter(place__in=places)
    return within.filter(user__is_superuser=False).exclude(user=user.pk)


def may_give(user: AnyUser, role: RoleAssignment) -> bool:
    """Whether somebody could give such a role, and so may end or extend it."""
    return user.is_superuser or delegable_until(roles_of(user), role.role, role.place) is not None


def roles_to_renew(user: AnyUser) -> list[RoleAssignment]:
    """Roles of others that end within `SOON` and that somebody may extend, the soonest first."""
    if not keeps_colleagues(user):
        return []
    today = local_day(timezone.now())
    ending = roles_visible_to(user).on(today).filter(valid_until__lte=today + SOON).exclude(user=user.pk)
    rows = ending.select_related("user__person", "place__parent").order_by("valid_until", "pk")
    return [role for role in rows if may_give(user, role)]


def tokens_visible_to(user: AnyUser) -> QuerySet[ApiToken]:
    """Keys for other systems in the places where somebody keeps colleagues; those of the whole country for whoever does so everywhere."""
    if not keeps_colleagues(user):
        return ApiToken.objects.none()
    places = places_of_colleagues(user)
    return ApiToken.objects.all() if places is None else ApiToken.objects.filter(place__in=places)


def colleagues() -> QuerySet[User]:
    """Staff, past ones too: the log-ins of trainees belong to their persons."""
    return User.objects.exclude(display_name="", is_staff=False)


def colleagues_visible_to(user: AnyUser) -> QuerySet[User]:
    """Staff who hold or held a role where somebody keeps colleagues."""
    return colleagues() if user.is_superuser else colleagues().filter(pk__in=roles_visible_to(user).values("user"))


def keepers_of_colleagues(view: View) -> View:
    """Lets administrators in and managers who have managers below them; the view gets the user as its second argument."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not keeps_colleagues(request.user):
            raise PermissionDenied
        return view(request, request.user, **kwargs)

    return guarded


def administrators_only(view: View) -> View:
    """For what shows everybody's, because it knows no places."""

    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not request.user.is_superuser:
            raise PermissionDenied
        return view(request, **kwargs)

    return guarded


def staff_with(*permissions: str) -> Callable[[View], View]:
    """Lets staff with one of some permissions in; the view gets the user as its second argument."""

    def guard(view: View) -> View:
        @never_cache
        @wraps(view)
        def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            user = request.user
            if not isinstance(user, User) or not any(map(user.has_perm, permissions)):
                raise PermissionDenied
            return view(request, user, **kwargs)

        return guarded

    return guard


def person_required(view: View) -> View:
    """Lets a person in who has given a name and a place; everybody else is led there and back."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if person_of(request.user) is None:
            _say_what_was_lost(request)
            door = _door(request.user)
            there = page_to_return_to(request, otherwise=reverse("read", args=[""]))
            return HttpResponseRedirect(f"{reverse(door)}?{urlencode({'next': there})}")
        return view(request, *args, **kwargs)

    return guarded


def _say_what_was_lost(request: HttpRequest) -> None:
    """Only who was logged in has a form of one's own to send."""
    if request.method != "POST" or isinstance(request.user, User) or not is_read(request):
        return
    messages.warning(
        request,
        _(
            "Máy đã đăng xuất nên lần gửi vừa rồi chưa được lưu. Những gì đã lưu trước đó vẫn còn nguyên; anh/chị đăng nhập lại rồi gửi lần nữa."
        ),
    )


def _door(user: AnyUser) -> str:
    """Where somebody who is no learner yet is told about it; whoever works here may have no wish to become one."""
    if not isinstance(user, User):
        return "account_request_login_code"
    return "accounts_colleague" if is_or_was_colleague(user) else "accounts_profile"


def first_stop(user: User, there: str) -> str:
    """Where somebody who just logged in goes: to name and place, to an agreement that is asked again or to what became of
    the own roles, and then `there`.
    """
    if user.is_staff or (user.person and not is_asked_again(user.person)):
        return there
    return f"{reverse('accounts_consent' if user.person else _door(user))}?{urlencode({'next': there})}"


def consent_required(view: View) -> View:
    """For what adds to a learning record: a person without an agreement that covers it is asked first, and loses nothing."""

    @person_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not the_person(request).has_consented:
            there = page_to_return_to(request, otherwise=reverse("read", args=[""]))
            return HttpResponseRedirect(f"{reverse('accounts_consent')}?{urlencode({'next': there})}")
        return view(request, *args, **kwargs)

    return guarded


def page_to_return_to(request: HttpRequest, *, otherwise: str) -> str:
    """What was asked for, or the page of this site that a form was on: a form cannot be repeated by following a link."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    came_from = urlsplit(request.headers.get("Referer", ""))
    return came_from.path if came_from.netloc == request.get_host() else otherwise


def is_read(request: HttpRequest) -> bool:
    """A person asked for it, not a script in the background."""
    return "text/html" in request.headers.get("Accept", "")


def the_person(request: HttpRequest) -> Person:
    """The person behind a view that `person_required` guards."""
    if person := person_of(request.user):
        return person
    raise Http404


def opens_admin(request: HttpRequest) -> bool:
    """Whether this session may open the admin: it began with a staff password, and with a second step where the operator
    requires one."""
    return signed_in_with_password(request) and not has_to_set_up_second_factor(request)


def has_to_set_up_second_factor(request: HttpRequest) -> bool:
    """Of a session that began with a staff password: without a second step it could only begin where the account has none."""
    return settings.STAFF_SECOND_FACTOR == "required" and "mfa" not in methods_of(request)


def signed_in_with_password(request: HttpRequest) -> bool:
    """Staff, a password, and not merely a PIN or a phone code; not a phone that is remembered for half a year either. Where the
    account has a second factor, a password without it left no trace (`accounts.sessions.forget_half_a_log_in`)."""
    user = request.user
    if not (isinstance(user, User) and user.is_active and user.is_staff) or user.has_pin:
        return False
    if not is_for_a_working_day(request):
        return False
    return "password" in methods_of(request)
