"""Questions out, as files of other systems. What a format cannot hold is said per question, never left out in silence:
each question is read back by our own importer before it is written, and what does not come back as it was stays out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from quizzes import wording
from quizzes.formats.base import Draft, UnreadableError
from quizzes.kinds import KINDS
from quizzes.models import Question, QuestionVersion

from . import drafts, gift, lettered, moodle_xml, workbook
from .base import LeftOutError, Piece, Writer

WRITERS: dict[str, Writer] = {
    "gift": gift.WRITER,
    "moodle_xml": moodle_xml.WRITER,
    "aiken": lettered.AIKEN,
    "docx": lettered.WORD,
    "xlsx": workbook.WRITER,
}


@dataclass(frozen=True)
class Loss:
    """What of a question the file does not hold, or (`is_out`) why it is not in the file."""

    key: str
    kind: str
    stem: str
    reason: str
    is_out: bool

    @property
    def label(self) -> str:
        return str(KINDS[self.kind].label)


@dataclass
class Exported:
    content: bytes = b""
    written: int = 0
    losses: list[Loss] = field(default_factory=list)


def export(questions: QuerySet[Question], form: str) -> Exported:
    """`form` is one of `WRITERS`. Questions that never had a version are no questions yet."""
    writer, made = WRITERS[form], Exported()
    pieces = list(_pieces(drafts.newest(questions), writer, made))
    made.written, made.content = len(pieces), writer.bind(pieces)
    return made


def _pieces(versions: Sequence[QuestionVersion], writer: Writer, made: Exported) -> Iterator[tuple[Draft, Piece]]:
    found = [drafts.of_version(version, place) for place, version in enumerate(versions, start=1)]
    images = drafts.images_of(found) if "pictures" in writer.keeps else None
    place = 1
    for version, draft in zip(versions, found, strict=True):
        try:
            fitted, lost, piece = said(replace(draft, place=place), writer, images)
        except LeftOutError as error:
            made.losses.append(_loss(version, str(error), is_out=True))
            continue
        place += 1
        made.losses += [_loss(version, one, is_out=False) for one in lost]
        yield fitted, piece


def said(draft: Draft, writer: Writer, images: Mapping[int, Any] | None = None) -> tuple[Draft, list[str], Piece]:
    """What the format holds of a draft, what it does not, and how it writes it. Raises LeftOutError."""
    why = _("Trong câu có chữ mà dạng tệp này hiểu thành nghĩa khác, nên câu không có trong tệp.")
    try:
        fitted, lost = _fitted(draft, writer, images)
        piece = writer.write(fitted)
        is_good = writer.is_read_back(fitted, piece)
    except (KeyError, ValueError, TypeError, UnreadableError) as error:  # data of before there were rules
        raise LeftOutError(why) from error
    if not is_good:
        raise LeftOutError(why)
    return fitted, lost, piece


def _fitted(draft: Draft, writer: Writer, images: Mapping[int, Any] | None) -> tuple[Draft, list[str]]:
    if images is None:
        return writer.fit(draft)
    with_files, missing = drafts.packed(draft, images)
    fitted, lost = writer.fit(with_files)
    return fitted, lost + ([_("hình không còn trong kho")] if missing else [])


def _loss(version: QuestionVersion, reason: str, *, is_out: bool) -> Loss:
    return Loss(version.question.key, version.kind, wording.plain(version.stem)[:80], reason, is_out)
