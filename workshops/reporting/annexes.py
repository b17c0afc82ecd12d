"""Annexes of the report: places, how the tests were computed, what delegates thought, who was there, photos."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lib import dates
from workshops.models import QuestionKind

from . import rolls
from .blocks import DASHED, Annex, Block, Paragraph, Photos, Picture, Table
from .facts import Count, Facts, Item
from .measures import LEAST
from .words import decimal, grouped, percent

METHOD = (
    "Chỉ so sánh những người làm cả hai bài (ghép theo số thẻ). Điểm của một người là tỷ lệ câu đúng, quy về thang điểm 10.",
    "Mức tiến bộ chuẩn hóa (Hake, 1998) bằng (điểm trung bình sau − điểm trung bình trước) chia cho (10 − điểm trung bình trước): "
    "trong phần còn có thể tăng, lớp đã tăng được bao nhiêu.",
    "Khoảng tin cậy 95% của chênh lệch trung bình tính theo phân phối t của Student cho từng cặp: trung bình ± t · s / căn bậc hai của n, với n − 1 bậc tự do.",
    f"Dưới {LEAST} cặp thì không nêu, để không lộ kết quả của từng người. So sánh trước và sau của cùng một lớp, không có lớp đối chứng.",
)
NO_GENDER = "Danh sách không ghi đại biểu là nam hay nữ, nên không có số liệu theo giới tính."
NO_PLACES = "Danh sách không ghi đại biểu là nam hay nữ, nên không có số nữ của từng thành phần, từng địa bàn."


def annexes(facts: Facts, pictures: Sequence[Picture], *, women: int | None = None) -> list[Annex]:
    """Numbered in their order; those that would be empty say so or are left out. `women`: as the organiser counted them."""
    parts: list[tuple[str, list[Block]]] = [
        ("Đại biểu theo địa bàn", _places(facts, women)),
        ("Kết quả kiểm tra trước và sau tập huấn", _tests(facts)),
        ("Ý kiến của đại biểu", _feedback(facts)),
    ]
    if put_to_use := _put_to_use(facts):
        parts.append(("Áp dụng sau lớp", put_to_use))
    parts.append(("Danh sách", _delegates(facts)))
    if pictures:
        parts.append(("Hình ảnh", [Photos(tuple(pictures))]))
    return [Annex(rolls.ROMAN[at], *part) for at, part in enumerate(parts)]


def counted_otherwise(facts: Facts, women: int | None) -> str:
    """Tables count women from the list: where the organiser counted others, both numbers name where they come from."""
    if women is None or not facts.genders.is_known or women == facts.genders.women:
        return ""
    return f"nữ đếm theo cột nam, nữ của danh sách; theo thống kê của Ban Tổ chức: {women} nữ"


def _places(facts: Facts, women: int | None) -> list[Block]:
    has_women = facts.genders.is_known

    def counts(one: Count) -> list[str]:
        shown = (one.invited, one.registered, one.present, *((one.women,) if has_women else ()))
        return [grouped(number) for number in shown]

    today, then = _shared([one.label for one in facts.places]), _shared(_formers(facts))
    rows = [
        [str(number), today.near(one.label), "; ".join(map(then.near, _split(one.former))), *counts(one)]
        for number, one in enumerate(facts.places, 1)
    ]
    rows.append(["", "Tổng cộng", "", *counts(facts.total)])
    heads = ["STT", "Địa bàn (tên hiện nay)", "Tên lúc tổ chức, nếu khác", "Được cử, mời", "Có tên", "Có mặt"]
    named, counted = (44, 52) if today.province else (52, 44), [22, 18, 18]
    if has_women:
        named, counted = (36, 46) if today.province else (46, 36), [20, 17, 17, 18]
        heads.append("Nữ có mặt")
    caption = "Bảng 3. Đại biểu theo địa bàn" + _of_provinces(today, then)
    table = Table(caption, heads, rows, [10, *named, *counted], "cll" + "r" * (len(heads) - 3), has_total=True)
    return [table, Paragraph(_of_genders(facts, women), style="note")]


@dataclass(frozen=True)
class Shared:
    """The province in which all of some places lie, "" where they lie in several: it is said once and not in each row."""

    province: str

    def near(self, place: str) -> str:
        return place.removesuffix(f", {self.province}") if self.province else place


def _shared(places: Sequence[str]) -> Shared:
    """Places by their full names, which end with the province."""
    provinces = {place.rpartition(", ")[2] for place in places}
    return Shared(provinces.pop() if len(provinces) == 1 else "")


def _split(former: str) -> list[str]:
    return former.split("; ") if former else []


def _formers(facts: Facts) -> list[str]:
    return [name for one in facts.places for name in _split(one.former)]


def _of_provinces(today: Shared, then: Shared) -> str:
    """What the caption says of rows that leave it out."""
    if then.province in ("", today.province):
        return f" ({today.province})" if today.province else ""
    return " (" + "; ".join(filter(None, [today.province, f"lúc tổ chức: {then.province}"])) + ")"


def _of_genders(facts: Facts, women: int | None) -> str:
    if not facts.genders.is_known:
        return NO_GENDER if women is None else f"{NO_PLACES} Theo thống kê của Ban Tổ chức: {women} nữ có mặt."
    said = f"Đại biểu có mặt theo cột nam, nữ của danh sách: {facts.genders}."
    return f"{said} Theo thống kê của Ban Tổ chức: {women} nữ." if counted_otherwise(facts, women) else said


def _tests(facts: Facts) -> list[Block]:
    found = facts.compared
    if found is None:
        said = (
            "Lớp không tổ chức kiểm tra."
            if not facts.sheets
            else f"Dưới {LEAST} người làm cả hai bài: không nêu kết quả."
        )
        return [Paragraph(said)]
    interval = f"từ {decimal(found.low * 10, 2)} đến {decimal(found.high * 10, 2)}"
    rows = [
        ["Số người làm cả hai bài (cặp)", grouped(found.pairs)],
        ["Điểm trung bình trước tập huấn (thang 10)", decimal(found.before * 10, 2)],
        ["Điểm trung bình sau tập huấn (thang 10)", decimal(found.after * 10, 2)],
        ["Chênh lệch trung bình", decimal(found.difference * 10, 2)],
        ["Khoảng tin cậy 95% của chênh lệch", interval],
        ["Mức tiến bộ chuẩn hóa (Hake)", "–" if found.gain is None else decimal(found.gain, 2)],
        ["Tỷ lệ đạt trước tập huấn", percent(found.passed_before)],
        ["Tỷ lệ đạt sau tập huấn", percent(found.passed_after)],
        ["Tăng / giữ nguyên / giảm (người)", f"{found.better} / {found.same} / {found.worse}"],
    ]
    table = Table("Bảng 4. Kết quả của những người làm cả hai bài", ["Chỉ số", "Kết quả"], rows, [110, 54], "lr")
    return [table, *(Paragraph(line) for line in METHOD)]


def _feedback(facts: Facts) -> list[Block]:
    if not facts.is_told:
        few = (
            f"{facts.feedback} phiếu, dưới {LEAST} phiếu nên không nêu kết quả từng câu."
            if facts.feedback
            else "Chưa thu phiếu đánh giá."
        )
        return [Paragraph(few)]
    return [*_levels(facts), *_faces(facts), *_chosen(facts), *_quotes(facts)]


def _of_kind(facts: Facts, *kinds: str) -> list[Item]:
    return [one for one in facts.items if one.kind in kinds]


def _counts(one: Item) -> list[str]:
    return [str(count) for count in one.counts] or ["–"] * len(one.steps)


def _of_few(items: Sequence[Item]) -> str:
    return "" if all(one.counts for one in items) else f"; –: dưới {LEAST} người trả lời nên không nêu"


def _levels(facts: Facts) -> Iterator[Block]:
    rated = _of_kind(facts, QuestionKind.SCALE)
    if rated:
        rows = [
            [one.label, *_counts(one), str(one.answered), "–" if one.mean is None else decimal(one.mean, 2)]
            for one in rated
        ]
        heads = [
            "Câu hỏi",
            *(f"{level}. {step}" for level, step in enumerate(rated[0].steps, 1)),
            "Số trả lời",
            "Trung bình",
        ]
        yield Table(
            f"Bảng 5. Câu hỏi năm mức (1 thấp nhất, 5 cao nhất{_of_few(rated)})",
            heads,
            rows,
            [62, 14, 14, 14, 14, 14, 15, 17],
            "lrrrrrrr",
        )


def _faces(facts: Facts) -> Iterator[Block]:
    asked = _of_kind(facts, QuestionKind.FACES)
    if asked:
        rows = [[one.label, *_counts(one), str(one.answered)] for one in asked]
        heads = ["Câu hỏi", *(step.capitalize() for step in asked[0].steps), "Số trả lời"]
        few = _of_few(asked).removeprefix("; ")
        caption = f"Bảng 6. Câu hỏi ba mặt cười{few and f' ({few})'}"
        yield Table(caption, heads, rows, [80, 21, 21, 21, 21], "lrrrr")


def _chosen(facts: Facts) -> Iterator[Block]:
    for one in _of_kind(facts, QuestionKind.YES_NO, QuestionKind.CHOICE, QuestionKind.CHOICES):
        if one.answered < LEAST:
            yield Paragraph(f"{one.answered} người trả lời, dưới {LEAST} người nên không nêu.", one.label)
            continue
        said = "; ".join(f"{step}: {count}" for step, count in zip(one.steps, one.counts, strict=True))
        yield Paragraph(f"{said} ({one.answered} người trả lời).", one.label)


def _quotes(facts: Facts) -> Iterator[Block]:
    """Only what its writer let be quoted; the rest is counted."""
    for one in _of_kind(facts, QuestionKind.TEXT):
        yield Paragraph(f"{one.answered} người viết, {len(one.quotes)} ý được phép trích:", one.label)
        for quote in one.quotes:
            yield Paragraph(f"“{' '.join(quote.split())}”", style="quote")


def _put_to_use(facts: Facts) -> list[Block]:
    """What was told on the phone, without a name; of few nothing, as in the feedback."""
    found = facts.followed_up
    if not found.is_told:
        return []
    asked = (("Việc đã làm, kết quả:", found.done), ("Còn vướng, cần giúp:", found.hindrances))
    return [block for lead, answers in asked if answers for block in _told(lead, answers)]


def _told(lead: str, answers: Sequence[str]) -> Iterator[Block]:
    yield Paragraph(f"{len(answers)} người nói.", lead)
    for words, count in Counter(" ".join(answer.split()).rstrip(" .") for answer in answers).items():
        yield Paragraph(f"{DASHED}{words}{f' ({count} người)' if count > 1 else ''}.", style="item")


def _delegates(facts: Facts) -> list[Block]:
    """As many as Table 1 counts: who has a seat, and who was there before another took theirs."""
    rows = []
    listed = rolls.counted(facts.delegates, facts.attended)
    ordered = [one for group in rolls.grouped(listed, rolls.Order.PROTOCOL) for one in group.delegates]
    shared = _shared([one.place for one in ordered])
    for number, one in enumerate(ordered, 1):
        times = facts.attended.get(one.pk, 0)
        said = "; ".join(filter(None, [one.room, one.note]))
        rows.append([str(number), str(one.number), one.name, one.who, shared.near(one.place), str(times), said])
    heads = ["STT", "Số thẻ", "Họ và tên", "Chức vụ, đơn vị / chủ thể", "Địa bàn", "Số buổi", "Ghi chú"]
    speakers = [
        [str(number), str(one), ", ".join(filter(None, [one.post, one.unit]))]
        for number, one in enumerate(facts.speakers, 1)
    ]
    has_rooms = any(one.room for one in ordered)
    widths = [10, 10, 30, 42, 29, 11, 32] if has_rooms else [10, 10, 33, 45, 36, 11, 19]
    blocks: list[Block] = [
        Table("Danh sách đại biểu" + _of_provinces(shared, shared), heads, rows, widths, "cclllcl"),
    ]
    if speakers:
        blocks.append(
            Table("Danh sách báo cáo viên", ["STT", "Họ và tên", "Chức vụ, đơn vị"], speakers, [10, 60, 94], "cll")
        )
    if facts.bases:
        papers = [
            [str(number), one.number, dates.short(one.issued_on) if one.issued_on else "", one.issued_by, one.subject]
            for number, one in enumerate(facts.bases, 1)
        ]
        heads = ["STT", "Số, ký hiệu", "Ngày", "Cơ quan ban hành", "Về việc"]
        blocks.append(Table("Văn bản làm căn cứ", heads, papers, [10, 34, 24, 42, 54], "cllll"))
    return blocks
