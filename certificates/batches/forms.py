"""Whose certificates a batch is for: those that are valid, and finished people who wait for theirs."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from accounts.access import managed_places
from accounts.models import User
from certificates import queries
from certificates.access import TO_REISSUE, visible_to
from certificates.models import Award, BatchEntry, Credential, CredentialStatus, Issuer, Layout
from courses.access import cohorts_visible_to
from courses.models import Cohort, Enrolment
from provinces.models import Place

USUAL = ("award", "cohort", "again")  # what an organiser chooses by; the rest is folded away


class CohortField(forms.ModelChoiceField):
    def label_from_instance(self, cohort: Cohort) -> str:  # type: ignore[override]
        return f"{cohort.course}: {cohort}"


class ChooseForm(forms.Form):
    """For which of the people of an officer; nothing chosen is everybody."""

    award = forms.ModelChoiceField(queryset=Award.objects.none(), required=False, label=_("Khóa học"))
    cohort = CohortField(queryset=Cohort.objects.none(), required=False, label=_("Nhóm học"))
    province = forms.ModelChoiceField(queryset=Place.objects.none(), required=False, label=_("Tỉnh, thành phố"))
    issuer = forms.ModelChoiceField(queryset=Issuer.objects.none(), required=False, label=_("Đơn vị cấp"))
    year = forms.IntegerField(required=False, min_value=2000, max_value=2999, label=_("Năm cấp"))
    first = forms.IntegerField(required=False, min_value=1, max_value=10**6, label=_("Từ số thứ tự"))
    last = forms.IntegerField(required=False, min_value=1, max_value=10**6, label=_("Đến số thứ tự"))
    again = forms.BooleanField(required=False, label=_("In cả những giấy đã có trong một đợt in trước"))

    def __init__(self, *args: Any, user: User | None, **kwargs: Any) -> None:
        """`user`: None is the operator, at the command line."""
        super().__init__(*args, **kwargs)
        self.user = user
        cohorts = cohorts_visible_to(user, "courses.view_cohort") if user else Cohort.objects.all()
        choices: dict[str, QuerySet[Any]] = {
            "award": Award.objects.select_related("course").order_by("course__title"),
            "cohort": cohorts.select_related("course").order_by("course__title", "name"),
            "province": _provinces_of(user),
            "issuer": Issuer.objects.order_by("name"),
        }
        for name, among in choices.items():
            field: Any = self.fields[name]
            field.queryset = among

    @classmethod
    def query_of(cls, data: QueryDict) -> str:
        return urlencode({name: data[name] for name in cls.base_fields if data.get(name)})

    @property
    def usual(self) -> list[forms.BoundField]:
        return [self[name] for name in USUAL]

    @property
    def more(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name not in USUAL]

    @property
    def has_more(self) -> bool:
        """Whether something is chosen, or wrong, among what is folded away."""
        return any(field.errors or self.data.get(field.html_name) for field in self.more)

    def credentials(self, today: date) -> QuerySet[Credential]:
        """Valid and not run out, in the order of their numbers; those of other batches only if asked for."""
        found = self._held(today)
        if not self.cleaned_data["again"]:
            found = found.exclude(queries.in_a_batch(OuterRef("enrolment")))
        return found.order_by("issuer", "year", "sequence")

    def waiting(self) -> QuerySet[Enrolment]:
        """Who finished and has none yet, unless certificates are asked for by their number."""
        found = self._without()
        return found if self.cleaned_data["again"] else found.exclude(queries.in_a_batch(OuterRef("pk")))

    def elsewhere(self, today: date) -> QuerySet[BatchEntry]:
        """Of what is chosen: what waits in a batch that is being drawn."""
        held = Q(enrolment__in=self._held(today).values("enrolment"))
        return queries.under_way().filter(held | Q(enrolment__in=self._without().values("pk")))

    def _held(self, today: date) -> QuerySet[Credential]:
        running = Q(expires_on=None) | Q(expires_on__gte=today)
        among = visible_to(self.user, TO_REISSUE) if self.user else Credential.objects.all()
        found = among.filter(running, status=CredentialStatus.VALID)
        names = {
            "issuer": "issuer",
            "year": "year",
            "first": "sequence__gte",
            "last": "sequence__lte",
            "award": "award",
        }
        return found.filter(**self._chosen(names), **self._of_enrolment("enrolment__"))

    def _without(self) -> QuerySet[Enrolment]:
        if any(self.cleaned_data[name] is not None for name in ("year", "first", "last")):
            return Enrolment.objects.none()
        places = managed_places(self.user, TO_REISSUE) if self.user else None
        found = queries.waiting().filter(**self._chosen({"award": "course__award", "issuer": "course__award__issuer"}))
        found = found.filter(**self._of_enrolment(""))
        return found if places is None else found.filter(person__place__in=places)

    def enrolments(self, today: date, *, most: int) -> list[int]:
        """Those with a certificate first; no more than `most`, however many there are."""
        held = list(self.credentials(today).values_list("enrolment", flat=True)[:most])
        return held + list(self.waiting().values_list("pk", flat=True)[: most - len(held)])

    def title(self) -> str:
        """What was chosen, in words."""
        said = [
            str(self.cleaned_data[name])
            for name in ("award", "cohort", "province", "issuer")
            if self.cleaned_data[name]
        ]
        if self.cleaned_data["year"]:
            said.append(_g("năm %(year)s") % {"year": self.cleaned_data["year"]})
        first, last = self.cleaned_data["first"], self.cleaned_data["last"]
        if first or last:
            said.append(_g("số %(first)s–%(last)s") % {"first": first or 1, "last": last or "…"})
        return " · ".join(said) or _g("tất cả giấy")

    def _chosen(self, names: dict[str, str]) -> dict[str, Any]:
        return {path: self.cleaned_data[name] for name, path in names.items() if self.cleaned_data[name] is not None}

    def _of_enrolment(self, path: str) -> dict[str, Any]:
        names = {"cohort": f"{path}cohort", "province": f"{path}person__place__parent"}
        return self._chosen(names)


def _provinces_of(user: User | None) -> QuerySet[Place]:
    """In which there is somebody for whom this user may issue."""
    provinces = Place.objects.current().provinces().order_by("search")
    places = managed_places(user, TO_REISSUE) if user else None
    if places is None:
        return provinces
    return provinces.filter(Q(pk__in=places.values("pk")) | Q(pk__in=places.values("parent")))


class BatchForm(forms.Form):
    token = forms.CharField(max_length=40, widget=forms.HiddenInput)
    layout = forms.ChoiceField(
        choices=Layout.choices, initial=Layout.ONE, label=_("Xếp lên tờ in"), widget=forms.RadioSelect
    )
    is_told = forms.BooleanField(
        required=False,
        label=_("Nhắn tin cho người được cấp"),
        help_text=_(
            "Mỗi giấy một tin, chỉ gửi cho người đã đồng ý nhận tin và đã xác nhận số điện thoại. Ai đã được nhắn thì không nhắn lại."
        ),
    )


class ChosenBatchForm(BatchForm):
    """Of what was chosen above it: `seen` is how many the page said that there are."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
