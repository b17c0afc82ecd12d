"""Loads the courses of demo/content/*.yaml as pages, questions and register rows. What stands already is left alone.

A course is a folder: course.yaml, bai-1.yaml …, questions.yaml, art/*.svg, en/ for its English pages, and exercise.yaml where
there is something to write that somebody marks.
"""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml
from django.core.files.images import ImageFile
from django.db import transaction
from wagtail.images import get_image_model
from wagtail.models import Locale, Page, Site

from courses.models import Activity, CataloguePage, CoursePage, LegalText, LessonPage, Topic, TopicPage
from demo.questions import data_of
from pages.models import HomePage
from quizzes import actions as quiz_actions
from quizzes.kinds import KINDS
from quizzes.models import QuestionBank, QuestionVersion, QuizPage

try:  # ten times as fast, where it was built with libyaml
    from yaml import CSafeLoader as SafeLoader
except ImportError:
    from yaml import SafeLoader  # type: ignore[assignment]

CONTENT = Path(__file__).parent / "content"
EXERCISE = "exercise.yaml"
FINAL = {"slug": "bai-kiem-tra", "minutes": 10}  # addresses lead to it, and translations find it
PARTS = ("choices", "items", "pairs", "rubric")  # of a question: each has an id, by which its words are translated
Rows = list[dict[str, Any]]


def read(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), SafeLoader)


def load_all(*, at: datetime) -> Iterator[str]:
    """Yields a line for each thing that was made."""
    site = read(CONTENT / "site.yaml")
    with transaction.atomic():
        home = _home(site)
        catalogue = _catalogue(home, site)
        _laws()
        _topics(catalogue, site["topics"])
    for slug in site["courses"]:
        if CoursePage.objects.child_of(catalogue).filter(slug=slug).exists():
            continue
        with transaction.atomic():
            course_page = Course(CONTENT / slug, catalogue).load(at=at)
        yield course_page.title


def _home(site: dict[str, Any]) -> HomePage:
    home = HomePage.objects.filter(locale__language_code="vi").first()
    if home:
        return home
    root = Page.get_first_root_node()
    Page.objects.filter(pk=root.pk).update(title="Gốc", draft_title="Gốc")  # Wagtail's "Root"
    home = HomePage(title=site["home"]["title"], lead=site["home"]["lead"], slug="trang-chu", locale=_locale("vi"))
    root.add_child(instance=home)
    home.save_revision().publish()
    Site.objects.update_or_create(is_default_site=True, defaults={"root_page": home, "site_name": "Học OCOP"})
    # Wagtail's "Welcome", no sooner than the site leads elsewhere: it would go with its root, and its address with it.
    Page.objects.filter(depth=2, slug="home", content_type__model="page").delete()
    return home


def _locale(code: str) -> Locale:
    return Locale.objects.get_or_create(language_code=code)[0]


def _catalogue(home: HomePage, site: dict[str, Any]) -> CataloguePage:
    found = CataloguePage.objects.child_of(home).first()
    if found:
        return found
    page = CataloguePage(
        title=site["catalogue"]["title"], summary=site["catalogue"]["summary"], slug="khoa-hoc", locale=home.locale
    )
    return publish(home, page)


def publish[P: Page](parent: Page, page: P) -> P:
    parent.add_child(instance=page)
    page.save_revision().publish()
    return page


def _laws() -> None:
    rows = read(CONTENT / "laws.yaml")
    for row in rows:
        fields = {
            name: row.get(name) or "" for name in ("kind", "number", "name", "name_en", "source", "note", "note_en")
        }
        fields |= {name: row[name] for name in ("status", "confidence", "review_by")}
        fields |= {"in_force_from": row.get("in_force_from"), "checked_on": date(2026, 11, 23)}
        LegalText.objects.get_or_create(key=row["key"], defaults=fields)
    for row in rows:
        if row.get("replaced_by"):
            LegalText.objects.filter(key=row["key"]).update(replaced_by=LegalText.objects.get(key=row["replaced_by"]))


def _topics(catalogue: CataloguePage, topics: list[dict[str, Any]]) -> None:
    for position, row in enumerate(topics, start=1):
        topic, _made = Topic.objects.get_or_create(
            slug=row["slug"], defaults={"name": row["name"], "name_en": row["name_en"], "position": position}
        )
        if not TopicPage.objects.child_of(catalogue).filter(topic=topic).exists():
            publish(
                catalogue,
                TopicPage(
                    title=row["name"], slug=row["page"], summary=row["summary"], topic=topic, locale=catalogue.locale
                ),
            )


class Course:
    """One folder of content on its way into the database."""

    def __init__(self, folder: Path, catalogue: CataloguePage) -> None:
        self.folder = folder
        self.catalogue = catalogue
        self.about = read(folder / "course.yaml")
        self.laws = {law.key: law for law in LegalText.objects.all()}

    def load(self, *, at: datetime) -> CoursePage:
        page = self._course_page()
        lessons = {}
        for name in self.about["lessons"]:
            lesson = read(self.folder / f"{name}.yaml")
            lessons[lesson["slug"]] = publish(page, self._lesson_page(lesson))
        if (self.folder / EXERCISE).exists():
            exercise = read(self.folder / EXERCISE)
            self._quiz(page, exercise, exercise["questions"], lessons, at)
        self._quiz(
            page,
            FINAL | self.about["quiz"] | {"bank": self.about["title"]},
            read(self.folder / "questions.yaml"),
            lessons,
            at,
        )
        return page

    def _quiz(
        self, page: CoursePage, about: dict[str, Any], questions: Rows, lessons: dict[str, LessonPage], at: datetime
    ) -> None:
        draft = QuizPage(
            title=about["title"],
            slug=about["slug"],
            minutes=about["minutes"],
            intro=about.get("intro", ""),
            is_required=about.get("is_required", True),
            locale=page.locale,
            live=False,
        )
        quiz_page = page.add_child(instance=draft)
        quiz_actions.prepare_quiz(page=quiz_page, at=at)
        bank, _made = QuestionBank.objects.get_or_create(
            name=about["bank"], defaults={"topic": Topic.objects.get(slug=self.about["topic"])}
        )
        self._questions(bank, questions, lessons, at)
        quiz_actions.configure_quiz(
            activity=Activity.objects.get(translation_key=quiz_page.translation_key),
            pass_percent=about["pass_percent"],
            attempts_allowed=about["attempts"],
            time_limit=about.get("time_limit"),
            slots=[quiz_actions.SlotSpec(bank=bank, draw=about["draw"])],
            at=at,
        )
        quiz_page.save_revision().publish()

    def _course_page(self) -> CoursePage:
        about = self.about
        page = CoursePage(
            title=about["title"],
            slug=about["slug"],
            summary=about["summary"],
            topic=Topic.objects.get(slug=about["topic"]),
            art=self.image(about["art"], about["title"]),
            intro=about["intro"],
            officer_box=about["officer_box"],
            locale=self.catalogue.locale,
        )
        page.outcomes = [("outcome", outcome) for outcome in about["outcomes"]]
        return publish(self.catalogue, page)

    def _lesson_page(self, lesson: dict[str, Any]) -> LessonPage:
        page = LessonPage(
            title=lesson["title"],
            slug=lesson["slug"],
            summary=lesson["summary"],
            minutes=lesson["minutes"],
            to_verify=bool(lesson.get("to_verify")),
            locale=self.catalogue.locale,
        )
        blocks = [self.block(kind, value) for entry in lesson["body"] for kind, value in entry.items()]
        page.body = page.body.stream_block.to_python(blocks)
        return page

    def image(self, name: str, title: str) -> Any:
        """The picture of a file, stored once, under words by which an editor finds it."""
        path = self.folder / name
        stored = f"{self.about['slug']}-{path.name}"
        found = get_image_model().objects.filter(file__endswith=f"/{stored}").first()
        if found:
            return found
        with path.open("rb") as file:
            return get_image_model().objects.create(title=title[:255], file=ImageFile(file, name=stored))

    def block(self, kind: str, value: Any) -> dict[str, Any]:
        convert = {
            "image": lambda v: {
                "image": self.image(v["file"], v["alt"]).pk,
                "alt": v["alt"],
                "caption": v.get("caption", ""),
            },
            "quote": lambda v: {"text": v["text"], "source": v.get("source", "")},
            "steps": lambda v: {"title": v["title"], "items": v["items"]},
            "table": _table,
            "check": _check,
            "law": lambda v: {"text": v["text"], "legal_texts": [self.laws[key].pk for key in v["cites"]]},
            "today": lambda v: {"title": v["title"], "text": v["text"]},
        }
        return {"type": kind, "value": convert.get(kind, lambda v: v)(value)}

    def _questions(self, bank: QuestionBank, rows: Rows, lessons: dict[str, LessonPage], at: datetime) -> None:
        for row in rows:
            lesson = lessons.get(row["lesson"])
            quiz_actions.save_question(
                bank=bank,
                key=row["key"],
                kind=row["kind"],
                stem=row["stem"],
                data=data_of(row),
                explanation=row["explanation"],
                at=at,
                lesson=Activity.objects.get(translation_key=lesson.translation_key) if lesson else None,
                difficulty=row.get("difficulty", 1),
                legal_texts=[self.laws[key] for key in row.get("citations") or []],
                to_verify=bool(row.get("to_verify")),
                status="reviewed",
            )


def _table(value: dict[str, Any]) -> dict[str, Any]:
    return {
        "columns": [{"type": "text", "heading": heading} for heading in value["head"]],
        "rows": [{"values": [str(cell) for cell in row]} for row in value["rows"]],
        "caption": value.get("caption", ""),
    }


def _check(value: dict[str, Any]) -> dict[str, Any]:
    choices = [
        {"text": choice["text"], "is_right": bool(choice["right"]), "feedback": choice.get("feedback", "")}
        for choice in value["choices"]
    ]
    return {"question": value["question"], "choices": choices}


def translate() -> Iterator[str]:
    """Makes English pages: home, catalogue, and what the folders en/ of the courses hold with the topics they are in."""
    english = _locale("en")
    home = HomePage.objects.get(locale__language_code="vi")
    site = read(CONTENT / "site.yaml")
    catalogue = CataloguePage.objects.child_of(home).get()
    for folder in sorted(path.parent for path in CONTENT.glob("*/en/course.yaml")):
        about = read(folder / "course.yaml")
        source = CoursePage.objects.child_of(catalogue).get(slug=folder.parent.name)
        if source.get_translation_or_none(english):
            continue
        with transaction.atomic():
            _translated(home, english, site["home"]["en"])
            catalogue_en = _translated(catalogue, english, site["catalogue"]["en"])
            _translate_topic(source.topic, catalogue, english, site["topics"])
            Translation(folder, source, catalogue_en).load(about)
        yield about["title"]


def _translated(page: Any, locale: Locale, words: dict[str, Any]) -> Any:
    """The page in another language, made by Wagtail's own copy so that both share their translation key."""
    if found := page.get_translation_or_none(locale):
        return found
    copy = page.copy_for_translation(locale)
    for name, value in words.items():
        setattr(copy, name, value)
    copy.save_revision().publish()
    return copy


def _translate_topic(topic: Topic, catalogue: CataloguePage, locale: Locale, topics: list[dict[str, Any]]) -> None:
    words = next(row["en"] for row in topics if row["slug"] == topic.slug)
    page = TopicPage.objects.child_of(catalogue).get(topic=topic)
    _translated(page, locale, {"title": topic.name_en, "slug": words["page"], "summary": words["summary"]})


class Translation:
    """The folder en/ of a course: the same lessons and questions in other words."""

    def __init__(self, folder: Path, source: CoursePage, catalogue: CataloguePage) -> None:
        self.folder = folder
        self.source = source
        self.locale = catalogue.locale
        self.original = Course(folder.parent, catalogue)

    def load(self, about: dict[str, Any]) -> None:
        words = {name: about[name] for name in ("title", "slug", "summary", "intro", "officer_box")}
        outcomes = [("outcome", outcome) for outcome in about["outcomes"]]
        _translated(self.source, self.locale, words | {"outcomes": outcomes})
        by_slug = {page.slug: page.specific for page in self.source.get_children().live()}
        for path in sorted(self.folder.glob("bai-*.yaml")):
            self._lesson(read(path), by_slug)
        quizzes = [FINAL | about["quiz"] | {"translation_of": FINAL["slug"], "slug": "quiz"}]
        rows = read(self.folder / "questions.yaml")
        if (self.folder / EXERCISE).exists():
            quizzes.append(exercise := read(self.folder / EXERCISE))
            rows += exercise["questions"]
        for quiz in quizzes:
            _translated(
                by_slug[quiz["translation_of"]],
                self.locale,
                {name: quiz[name] for name in ("title", "slug", "intro") if name in quiz},
            )
        for row in rows:
            self._question(row)

    def _lesson(self, lesson: dict[str, Any], by_slug: dict[str, Any]) -> None:
        source = by_slug[lesson["translation_of"]]
        blocks = [self.original.block(kind, value) for entry in lesson["body"] for kind, value in entry.items()]
        words = {name: lesson[name] for name in ("title", "slug", "summary")}
        _translated(source, self.locale, words | {"body": source.body.stream_block.to_python(blocks)})

    def _question(self, row: dict[str, Any]) -> None:
        """The words of a version. What is right stands in the version alone; a short answer shown must be one it accepts."""
        version = QuestionVersion.objects.filter(question__key=row["key"]).latest("number")
        if "answer" in row and KINDS[version.kind].fraction(version.data, row["answer"]) != 1:
            raise ValueError(f"{row['key']}: “{row['answer']}” is not among the accepted answers")
        quiz_actions.save_translation(
            version=version,
            language=self.locale.language_code,
            stem=row["stem"],
            texts=_texts(version.data, row),
            explanation=row.get("explanation", ""),
        )


def _texts(data: dict[str, Any], row: dict[str, Any]) -> dict[str, dict[str, str]]:
    """The words of what a question offers, by its id; in the order in which the Vietnamese one has it."""
    if "answer" in row:
        return {"answer": {"text": row["answer"]}}
    name = next((name for name in PARTS if name in data), None)
    pairs = zip(data[name], row[name], strict=True) if name else ()
    return {part["id"]: said if isinstance(said, dict) else {"text": said} for part, said in pairs}
