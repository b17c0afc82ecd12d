"""What formats cannot hold, said once for all of them, and the changes that several make."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from quizzes import wording
from quizzes.formats.base import Draft
from quizzes.kinds import KINDS

from .base import Fit, LeftOutError

type Data = dict[str, Any]


class Fitting:
    """A draft on its way into a format; `lose` notes what stays behind."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.data: Data = json.loads(json.dumps(draft.data))
        self.stem, self.explanation, self.tags = draft.stem, draft.explanation.strip(), draft.tags
        self.lost: list[str] = []

    def lose(self, what: str) -> None:
        if what not in self.lost:
            self.lost.append(what)

    def drop(self, name: str, what: str) -> None:
        if self.data.pop(name, None):
            self.lose(what)

    def keep_tags(self, parted_by: str | None = None) -> None:
        """Those without a sign that parts tags in the format; None: it has no place for any."""
        kept = () if parted_by is None else tuple(tag for tag in self.tags if not set(parted_by) & set(tag))
        if kept != self.tags:
            self.lose(_("nhãn") if parted_by is None else _("nhãn có dấu ngăn ở trong"))
        self.tags = kept

    def keep_order(self) -> None:
        """For formats that always shuffle."""
        if self.data.pop("shuffle", True) is False:
            self.lose(_("việc giữ nguyên thứ tự"))

    def need_accents(self) -> None:
        """For formats whose words are compared letter by letter."""
        if not self.data.get("exact_accents"):
            self.data["exact_accents"] = True
            self.lose(_("việc nhận cả câu trả lời viết không dấu"))

    def drop_pictures(self) -> None:
        """A number that only this site understands stays in the words: here it shows the picture again."""
        if wording.PICTURES.search(json.dumps([self.stem, self.explanation, self.data], ensure_ascii=False)):
            self.lose(_("hình: trong tệp chỉ có số của hình, trang khác không hiện được"))

    def weigh(self) -> None:
        """Several right choices as percents of each: by balance earns the same, all or nothing does not."""
        credit = self.data.get("credit")
        if credit == "weights":
            return
        said = _("cách tính điểm “chỉ khi đúng và đủ”: trong tệp mỗi ý đúng được một phần")
        self.lose(said if credit == "all" else _("cách tính điểm: trong tệp ghi thành phần điểm của từng phương án"))
        share = _share(sum(bool(choice["right"]) for choice in self.data["choices"]))
        for choice in self.data["choices"]:
            choice["weight"] = share if choice["right"] else -share
        self.data["credit"] = "weights"

    def done(self) -> Fit:
        words = {"stem": self.stem, "explanation": self.explanation}
        return replace(self.draft, data=self.data, tags=self.tags, **words), self.lost  # type: ignore[arg-type]


def _share(count: int) -> int | float:
    """Percent of one of several right choices, rounded up: together they must not stay below all."""
    exact = Fraction(100, max(count, 1))
    shown = Fraction(-(-exact.numerator * 100_000 // exact.denominator), 100_000) if count > 12 else exact
    value = round(float(shown), 5)
    return int(value) if value.is_integer() else value


def no_such_kind(draft: Draft) -> LeftOutError:
    return LeftOutError(_("Dạng tệp này không có câu dạng “%(kind)s”.") % {"kind": KINDS[draft.kind].label})


def words_only(fitting: Fitting, words: str, *, join: Callable[[str], str] = wording.plain) -> str:
    """Words for a format without marks, as its reader will quote them."""
    kept = wording.quoted(join(words))
    if wording.PICTURES.search(words):
        fitting.lose(_("hình"))
    if kept != re.sub(wording.PICTURES, r"\1", words).strip():
        fitting.lose(_("chữ đậm, danh sách, bảng và chỗ xuống dòng"))
    return kept
