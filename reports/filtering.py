"""What the figures are narrowed to, besides a place: a course, a topic, a kind of trainee. All of it lives in the address."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import PersonKind
from courses.models import Course, Topic
from lib.typed import key_of
from provinces.models import Place

KINDS = {PersonKind.SUBJECT: gettext_lazy("chủ thể OCOP"), PersonKind.OFFICIAL: gettext_lazy("cán bộ")}


type Query = dict[str, str | int]


@dataclass(frozen=True)
class Filters:
    topic: Topic | None = None
    kind: str = ""  # of `KINDS`
    course: Course | None = None

    def __bool__(self) -> bool:
        return bool(self.topic or self.kind or self.course)

    @property
    def query(self) -> Query:
        """As addresses of the board and of the trends say it."""
        return self._named("khoa", "chuyen_de", "doi_tuong")

    @property
    def query_of_lists(self) -> Query:
        """As the list of enrolments says it."""
        return self._named("course", "topic", "kind")

    def _named(self, course: str, topic: str, kind: str) -> Query:
        values = {course: self.course and self.course.pk, topic: self.topic and self.topic.pk, kind: self.kind}
        return {name: value for name, value in values.items() if value}

    @property
    def words(self) -> list[str]:
        """What was chosen, one each."""
        said = [_("khóa “%s”") % self.course] if self.course else []
        said += [_("chuyên đề “%s”") % self.topic] if self.topic else []
        return said + ([_("đối tượng %s") % KINDS[PersonKind(self.kind)]] if self.kind else [])

    def __str__(self) -> str:
        return capfirst(", ".join(self.words))


ALL = Filters()


def topics_of(courses: Sequence[Course]) -> list[Topic]:
    """Those that have a course to show, in their order."""
    return list({one.topic_id: one.topic for one in courses}.values())


def read(asked: dict[str, str], course: Course | None, topics: Sequence[Topic]) -> tuple[Filters, list[str]]:
    """Topic and kind of an address, and a sentence for each that there is none of: it is left out, and that is said."""
    unread, topic, kind = [], None, asked.get("doi_tuong", "")
    if value := asked.get("chuyen_de", ""):
        topic = next((one for one in topics if one.pk == key_of(value)), None)
        if topic is None:
            unread.append(_("Không có chuyên đề này, nên không lọc theo chuyên đề."))
    if kind and kind not in KINDS:
        kind = ""
        unread.append(_("Không có đối tượng này, nên không lọc theo đối tượng."))
    return Filters(topic, kind, course), unread


def at(place: Place | None) -> Query:
    return {"dia-ban": place.pk} if place else {}


def address(path: str, query: Query) -> str:
    """A page of figures has hundreds of them, nearly all with numbers alone."""
    asked = "&".join(
        f"{name}={value if isinstance(value, int) else quote(value, safe='')}" for name, value in query.items()
    )
    return f"{path}?{asked}" if asked else path
