from collections.abc import Sequence

from django.contrib.auth.models import AnonymousUser
from wagtail.models import Page, WorkflowState

from lib.registries import names_on_paper

from .models import ApprovalByAnother, Consent, ConsentText, Person, User
from .rules import REQUIRED_CONSENTS, covers


def current_consent_texts(language: str) -> list[ConsentText]:
    """The newest wording of each purpose in a language, Vietnamese where there is no other; required ones first."""
    newest: dict[str, ConsentText] = {}
    for text in ConsentText.objects.filter(language__in=["vi", language]).order_by("version"):
        known = newest.get(text.purpose)
        if known is None or text.language == language or known.version < text.version:
            newest[text.purpose] = text
    return sorted(newest.values(), key=lambda text: (not text.is_required, text.purpose))


def running_consents(person: Person) -> list[Consent]:
    """What a person agrees to today: of each purpose the newest wording; required ones first."""
    rows = person.consents.filter(withdrawn_at=None).select_related("text").order_by("text__version", "pk")
    return sorted({row.text.purpose: row for row in rows}.values(), key=lambda row: not row.text.is_required)


def open_consent_texts(person: Person, language: str) -> list[ConsentText]:
    """What a person has not agreed to, took back, or agreed to in a wording that no longer tells all."""
    covered = {row.text.purpose for row in running_consents(person) if covers(row.text.purpose, row.text.version)}
    return [text for text in current_consent_texts(language) if text.purpose not in covered]


def is_asked_again(person: Person) -> bool:
    """Whether a required agreement runs, but in a wording that no longer tells all."""
    return not person.has_consented and any(row.text.purpose in REQUIRED_CONSENTS for row in running_consents(person))


def is_name_on_paper(person: Person) -> bool:
    """Whether a change of the name is an officer's: what was issued bears it."""
    return any(stands(person.pk) for _name, stands in names_on_paper)


def own_requests(user: User | AnonymousUser) -> list[Page]:
    """What somebody sent in for another one's approval, and may not make public meanwhile. Administrators may."""
    if not isinstance(user, User) or user.is_superuser:
        return []
    states = WorkflowState.objects.filter(requested_by=user, status=WorkflowState.STATUS_IN_PROGRESS)
    waiting = states.select_related("current_task_state__task")
    pages = [state.content_object for state in waiting if _asks_another(state)]
    return [page for page in pages if isinstance(page, Page)]


def _asks_another(state: WorkflowState) -> bool:
    step = state.current_task_state
    return step is not None and isinstance(step.task.specific, ApprovalByAnother)


def is_own_request(user: User | AnonymousUser, page: Page | None) -> bool:
    return page is not None and page.pk in [own.pk for own in own_requests(user)]


def own_requests_among(user: User | AnonymousUser, pages: Sequence[Page], *, within: bool) -> list[Page]:
    """Of several pages, or of those below them as well."""
    return [
        own
        for own in own_requests(user)
        if any(own.pk == page.pk or (within and own.is_descendant_of(page)) for page in pages)
    ]
