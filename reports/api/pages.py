"""Addresses for systems: each reads within the place of its key."""

from typing import Any, NoReturn, cast
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from rest_framework.exceptions import NotAuthenticated, NotFound, PermissionDenied
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import subjects_visible_to
from accounts.models import ApiToken, Subject
from courses.models import Course, Topic
from lib.typed import key_of
from provinces.models import Place
from provinces.queries import places_within
from reports import actions, queries
from reports.filtering import KINDS, Filters

from .answers import BoardAnswer, CourseAnswer, PlaceAnswer, SubjectAnswer
from .authenticating import NEEDED, TO_SEE_SUBJECTS, KeyAuthentication, PerKey, WithKey, WithSubjects

PLACE = "Official code of a unit of today within the key's place (`/places/`); the key's place where it is left out"


class Reading(APIView):
    """What all addresses share. Answers are JSON in UTF-8 and kept nowhere."""

    authentication_classes = [KeyAuthentication]
    permission_classes = [WithKey]
    throttle_classes = [PerKey]
    renderer_classes = [JSONRenderer]
    parser_classes: list[Any] = []
    http_method_names = ["get", "head", "options"]

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        add_never_cache_headers(response)
        return response

    def permission_denied(self, request: Request, message: str | None = None, code: str | None = None) -> NoReturn:
        raise PermissionDenied(message, code) if request.auth else NotAuthenticated(NEEDED)

    @property
    def token(self) -> ApiToken:
        return cast("ApiToken", self.request.auth)  # WithKey

    def places(self) -> QuerySet[Place]:
        """Units of today within the key's place."""
        visible = queries.visible_places(self.token.issued_by).current()
        return visible if self.token.place is None else visible.filter(pk__in=places_within(self.token.place))

    def place(self, request: Request) -> Place | None:
        """The one that is asked about, else the key's; 404 for one outside, as if it did not exist."""
        code = request.query_params.get("place", "")
        if not code:
            return self.token.place
        found = self.places().filter(code=code).select_related("parent").first()
        if found is None:
            raise Http404
        return found


class Pages(CursorPagination):
    """A page costs the same wherever it is: `next` leads to the one after."""

    ordering = "pk"
    page_size = 200
    page_size_query_param = "limit"
    max_page_size = 1000

    def decode_cursor(self, request: Request) -> Any:
        """The framework looks at the wrapping alone; what is inside goes into a question to the database."""
        cursor: Any = super().decode_cursor(request)
        if cursor and cursor.position is not None and not key_of(cursor.position):
            raise NotFound(self.invalid_cursor_message)
        return cursor


class Places(Reading, ListAPIView[Place]):
    """Units of today within the place of the key."""

    serializer_class = PlaceAnswer
    pagination_class = Pages

    def get_queryset(self) -> QuerySet[Place]:
        return self.places().select_related("parent")


class Courses(Reading, ListAPIView[Course]):
    """Courses with history: on offer, or learnt once."""

    serializer_class = CourseAnswer
    pagination_class = Pages

    def get_queryset(self) -> QuerySet[Course]:
        return Course.objects.with_history().select_related("topic")


class Subjects(Reading, ListAPIView[Subject]):
    """The register of subjects and their products; `place` narrows it to a unit."""

    serializer_class = SubjectAnswer
    pagination_class = Pages
    permission_classes = [WithSubjects]
    asked = {"place": PLACE}

    def get_queryset(self) -> QuerySet[Subject]:
        place = self.place(self.request)
        subjects = subjects_visible_to(self.token.issued_by, TO_SEE_SUBJECTS).select_related("place")
        subjects = subjects.prefetch_related("products")
        return subjects if place is None else subjects.filter(place__in=places_within(place))


class Board(Reading):
    """Figures of a place by its units and by course; `place` is a unit within the key's, narrowed by `course`, `topic` and `kind`."""

    serializer_class = BoardAnswer
    asked = {
        "place": PLACE,
        "course": "Id of a course (`/courses/`); all of them where it is left out",
        "topic": "`topic_slug` of courses (`/courses/`); all of them where it is left out",
        "kind": "`subject` or `official`: kind of trainee when they enrolled; both where it is left out",
    }

    def get(self, request: Request) -> Response:
        filters, now = self._filters(request), timezone.now()
        place = self.place(request)
        actions.bring_up_to_date(at=now)
        shown = queries.board(self.token.issued_by, place, filters=filters, now=now)
        known = {one.pk: one for one in shown.of_history}
        by_course = [
            {"label": row.label, "figures": row.figures, "course": known[row.course]}
            for row in shown.courses
            if row.course
        ]
        said = {
            "name": shown.name,
            "counted_at": now,
            "total": shown.total,
            "places": shown.places,
            "courses": by_course,
        }
        return Response(BoardAnswer(said).data)

    def _filters(self, request: Request) -> Filters:
        """404 for a topic or kind that there is none of: figures of everything would look like an answer."""
        slug, kind = (request.query_params.get(name, "") for name in ("topic", "kind"))
        topic = Topic.objects.filter(slug=slug).first() if slug else None
        if (slug and topic is None) or (kind and kind not in KINDS):
            raise Http404
        return Filters(topic, kind, self._course(request))

    def _course(self, request: Request) -> Course | None:
        value = request.query_params.get("course", "")
        if not value:
            return None
        try:
            key = UUID(value)
        except ValueError as error:
            raise Http404 from error
        course = Course.objects.with_history().filter(translation_key=key).first()
        if course is None:
            raise Http404
        return course
