"""What is done to several people who were ticked in the list, each time by the action that does it to one.

Keys that lead to nobody in the list of whoever asks refuse the whole; of those in it, each is done or left out, and is told which.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.bulk_action import BulkAction

from accounts import actions
from accounts.access import people_visible_to
from accounts.forms.cards import MOST as MOST_CARDS
from accounts.forms.moving import SwitchingForm, WrittenMoveForm
from accounts.models import Person, User
from accounts.queries import is_or_was_colleague
from lib import codes, dates, qr
from lib.headings import heading
from lib.refusals import Refusal
from lib.typed import key_of

from .people import PersonIndexView, PersonViewSet

MOST, MOST_EXPORTED = 200, 1000  # people at once


@dataclass(frozen=True)
class Told:
    """What became, or is to become, of one of those who were ticked; with `why` nothing."""

    person: Person
    why: str = ""


def list_of(request: HttpRequest) -> PersonIndexView:
    """The list as the address narrows and searches it."""
    made = PersonViewSet().index_view
    view: PersonIndexView = made.view_class(**made.view_initkwargs)
    view.setup(request)
    return view


class PeopleAction(BulkAction):
    models = [Person]
    permission = ""
    most = MOST
    icon = "user"
    template_name = "accounts/admin/bulk.html"
    about: Any = ""
    is_serious = False
    results: list[Told] | None = None

    @property
    def aria_label(self) -> str:
        return gettext("%(what)s: những người đã chọn") % {"what": self.display_name}

    @property
    def user(self) -> User:
        assert isinstance(self.request.user, User)  # noqa: S101 (the admin lets nobody else in)
        return self.request.user

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.user.has_perm(self.permission):
            raise PermissionDenied
        if self.refusal:
            return self._page(request, {"refusal": self.refusal}, 422)
        answer: HttpResponse = super().dispatch(request, *args, **kwargs)
        return answer

    @cached_property
    def keys(self) -> list[int]:
        """Of those who were ticked, or whom the list shows as it is narrowed; at most one too many."""
        asked = self.request.GET.getlist("id")
        if "all" in asked:
            return list(list_of(self.request).get_queryset().values_list("pk", flat=True)[: self.most + 1])
        return sorted({key_of(one) for one in asked})[: self.most + 1]

    @cached_property
    def people(self) -> list[Person]:
        found = people_visible_to(self.user, "accounts.view_person").filter(pk__in=self.keys)
        rows = found.select_related("place__parent", "user").prefetch_related("user__roles")
        return list(rows.order_by("sort_key", "pk"))

    @cached_property
    def refusal(self) -> str:
        if not self.keys:
            return gettext("Chưa làm gì, vì chưa chọn ai. Hãy quay lại danh sách, đánh dấu từng người rồi bấm lại.")
        if len(self.keys) > self.most:
            said = gettext(
                "Chưa làm gì, vì đang chọn hơn %(most)s người; mỗi lần nhiều nhất %(most)s. Hãy lọc danh sách theo xã, hoặc chọn ít hơn rồi làm nhiều lần."
            )
            return said % {"most": dates.grouped(self.most)}
        if len(self.people) < len(self.keys):
            return gettext(
                "Chưa làm gì, vì trong những người đã chọn có người không còn trong danh sách của anh/chị: vừa chuyển nơi, vừa gộp hồ sơ, hoặc địa chỉ trang bị sửa. Hãy mở lại danh sách để xem, rồi chọn lại."
            )
        return ""

    @cached_property
    def expected(self) -> list[Told]:
        mine = self._mine()
        return [Told(one, self.why_not(one) if one.pk in mine else _elsewhere()) for one in self.people]

    def _mine(self) -> set[int]:
        found = people_visible_to(self.user, self.permission).filter(pk__in=self.keys)
        return set(found.values_list("pk", flat=True))

    def why_not(self, person: Person) -> str:
        """Why somebody within the scope is left out; "" for who is not. A colleague's is done one at a time, where it may be."""
        log_in = getattr(person, "user", None)
        if person.pk == self.user.person_id:
            return gettext("là chính anh/chị: hãy nhờ một cán bộ khác")
        if log_in and (log_in.is_superuser or is_or_was_colleague(log_in) or log_in.roles.all()):
            return gettext("là cán bộ: không làm hàng loạt")
        return ""

    @cached_property
    def seen(self) -> str:
        """Of whom the page said that it will be done."""
        return codes.digest("bulk", ",".join(str(one.person.pk) for one in self.expected if not one.why))

    def get_actionable_objects(self) -> tuple[list[Person], dict[str, list[Person]]]:
        doing = [one.person for one in self.expected if not one.why]
        return doing, {"items_with_no_access": [one.person for one in self.expected if one.why]}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = {
            "doing": [one for one in self.expected if not one.why],
            "left": [one for one in self.expected if one.why],
            "seen": self.seen,
            "about": self.about,
            "is_serious": self.is_serious,
        }
        return super().get_context_data(**kwargs) | self._frame() | own

    def _frame(self) -> dict[str, Any]:
        index = reverse("person:index")
        back = index if self.next_url == self.request.path else self.next_url  # Wagtail's, where the address names none
        shared: dict[str, Any] = {"submit": self.display_name, "next": back}
        return shared | heading(str(self.display_name), self.icon, (index, gettext("Học viên")))

    def _page(self, request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
        return render(request, self.template_name, self._frame() | context, status=status)

    def form_valid(self, form: Any) -> HttpResponse:
        if self.request.POST.get("seen") != self.seen:
            form.add_error(
                None,
                gettext(
                    "Chưa làm gì, vì trong lúc anh/chị xem, danh sách đã đổi. Hãy xem lại những người dưới đây rồi bấm lần nữa."
                ),
            )
            return self.form_invalid(form)
        answer: HttpResponse = super().form_valid(form)
        return answer if self.results is None else self.answer(self.results)

    def form_invalid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_invalid(form)
        answer.status_code = 422
        return answer

    def get_execution_context(self) -> dict[str, Any]:
        return {"action": self}

    @classmethod
    def execute_action(cls, objects: list[Person], *, action: "PeopleAction", **kwargs: Any) -> tuple[int, int]:
        action.results = action.of_all(objects)
        return len(objects), 0

    def of_all(self, people: list[Person]) -> list[Told]:
        """Behind the locks of all of them, in one order, so that of two who press at once the second waits; who left meanwhile is left
        out."""
        self.hold([one.pk for one in people])
        mine, left = self._mine(), [one for one in self.expected if one.why]
        there = [one for one in people if one.pk in mine]
        gone = [Told(one, _elsewhere()) for one in people if one.pk not in mine]
        return [*self.of_held(there), *gone, *left]

    def hold(self, keys: list[int]) -> None:
        list(Person.objects.select_for_update().filter(pk__in=keys).order_by("pk"))

    def of_held(self, people: list[Person]) -> list[Told]:
        return [self._of_one(one) for one in sorted(people, key=lambda one: one.pk)]

    def _of_one(self, person: Person) -> Told:
        try:
            return Told(person, self.of_one(person))
        except Refusal as refusal:
            return Told(person, str(refusal))

    def of_one(self, person: Person) -> str:
        """Does it; why there was nothing to do, or "". Raises Refusal as the action of one person does."""
        raise NotImplementedError

    def answer(self, results: list[Told]) -> HttpResponse:
        ordered = sorted(results, key=lambda one: one.person.sort_key)
        done, left = [one for one in ordered if not one.why], [one for one in ordered if one.why]
        return self._page(self.request, {"is_done": True, "done": done, "left": left})


def _elsewhere() -> str:
    return gettext("không thuộc địa bàn mà anh/chị được giao làm việc này")


class PrintCards(PeopleAction):
    display_name = _("In phiếu mã")
    action_type = "cards"
    action_priority = 10
    permission = "accounts.add_person"
    most = MOST_CARDS
    icon = "key"
    about = _(
        "Mỗi tờ A4 có tám phiếu, có đường cắt. Mã chỉ hiện một lần ở trang sau; phiếu cũ chưa dùng của những người này sẽ hết hiệu lực."
    )

    def why_not(self, person: Person) -> str:
        if why := super().why_not(person):
            return why
        is_off = (log_in := getattr(person, "user", None)) and not log_in.is_active
        return gettext("đang tạm ngừng đăng nhập") if is_off else ""

    def of_held(self, people: list[Person]) -> list[Told]:
        self.codes = actions.issue_cards(people=people, by=self.user, at=timezone.now())
        return [Told(one) for one in people]

    def answer(self, results: list[Told]) -> HttpResponse:
        printed = [one.person for one in results if not one.why]
        if not printed:
            return super().answer(results)
        address = settings.BASE_URL + reverse("accounts_card")
        context = {
            "cards": list(zip(printed, self.codes, strict=True)),
            "left": [one for one in results if one.why],
            "address": address.partition("://")[2],
            "qr": qr.picture(address, scale=6),
            "last": actions.last_day_of_card(timezone.now()),
        }
        return render(self.request, "accounts/admin/card_sheets.html", context)


class Move(PeopleAction):
    display_name = _("Chuyển nơi ở")
    action_type = "move"
    action_priority = 20
    permission = "accounts.change_person"
    icon = "redirect"
    form_class = WrittenMoveForm
    about = _(
        "Mọi người dưới đây cùng chuyển về một nơi từ một ngày. Nơi cũ được giữ trong hồ sơ; lượt ghi danh, lớp tập huấn và giấy đã cấp vẫn tính ở nơi cũ."
    )

    def of_one(self, person: Person) -> str:
        before = set(person.moves.values_list("pk", flat=True))
        said = self.cleaned_form.cleaned_data
        move = actions.write_move(person=person, by=self.user, at=timezone.now(), **said)
        return "" if move.pk not in before else gettext("lần chuyển này đã ghi từ trước")


class _Switch(PeopleAction):
    permission = "accounts.change_person"
    form_class = SwitchingForm
    is_on = False

    def hold(self, keys: list[int]) -> None:
        """What the action of one person locks."""
        list(User.objects.select_for_update().filter(person__in=keys).order_by("pk"))

    def of_one(self, person: Person) -> str:
        reason = self.cleaned_form.cleaned_data["reason"]
        if actions.switch_log_in(person=person, is_on=self.is_on, by=self.user, reason=reason):
            return ""
        return gettext("vốn đang đăng nhập được") if self.is_on else gettext("đã tạm ngừng từ trước")


class SwitchOff(_Switch):
    display_name = _("Tạm ngừng đăng nhập")
    action_type = "off"
    action_priority = 30
    icon = "lock"
    is_serious = True
    about = _(
        "Những người dưới đây bị đăng xuất khỏi mọi máy ngay, và không vào lại được bằng mã, mã PIN hay phiếu. Kết quả học vẫn còn nguyên."
    )


class SwitchOn(_Switch):
    display_name = _("Cho đăng nhập lại")
    action_type = "on"
    action_priority = 40
    icon = "lock-open"
    is_on = True
    about = _("Những người dưới đây lại đăng nhập được như trước.")


class Export(PeopleAction):
    display_name = _("Xuất danh sách")
    action_type = "export"
    action_priority = 50
    permission = "accounts.view_person"
    most = MOST_EXPORTED
    icon = "download"
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FileResponse:
        """With the columns of the file of the whole list."""
        view = list_of(request)
        chosen = view.get_base_queryset().filter(pk__in=self.keys).order_by("sort_key", "pk")
        return view.write_xlsx_response(view.told(chosen))


ACTIONS: Iterable[type[PeopleAction]] = (PrintCards, Move, SwitchOff, SwitchOn, Export)
