"""The report in the layout of Decree 30/2020, from facts and from what the organiser wrote: one structure for DOCX and PDF."""

from collections.abc import Sequence

from django.utils.translation import override

from lib import dates
from workshops.models import Moment, ReportText
from workshops.rendering.drawing import specimen_of

from .annexes import annexes, counted_otherwise
from .blocks import BLANK, DASHED, Block, Heading, Paragraph, Picture, Report, Table
from .facts import Count, Facts
from .heads import UNKNOWN_DAY, bound, heads_of
from .measures import LEAST
from .words import basis_in_words, decimal, grouped, percent, session_in_words

UNKNOWN_NUMBER = "……/BC-……"
KEPT = "Lưu: VT."


@override("vi")
def compose(facts: Facts, text: ReportText | None, pictures: Sequence[Picture] = ()) -> Report:
    workshop = facts.workshop
    text = text or ReportText(workshop=workshop)
    day = dates.in_words(text.issued_on) if text.issued_on else UNKNOWN_DAY
    number = text.number or UNKNOWN_NUMBER
    return Report(
        heads=heads_of(workshop),
        number=f"Số: {number}",
        place_and_day=f"{facts.province}, {day}",
        title="BÁO CÁO",
        about=bound(f"Kết quả tổ chức lớp “{workshop.title}”"),
        addressee=workshop.organiser_parent,
        running=f"Báo cáo kết quả tập huấn · {workshop.slug}",
        specimen=specimen_of(workshop),
        blocks=[*_opening(facts), *_held(facts, text), *_results(facts, text), *_views(facts, text)],
        recipients=_lines(text.recipients) or (["Như trên;", KEPT] if workshop.organiser_parent else [KEPT]),
        post=(text.signer_post or "THỦ TRƯỞNG ĐƠN VỊ").upper(),
        signer=text.signer,
        attached=f"(Kèm theo Báo cáo số {number} {day} của {workshop.organiser})",
        annexes=annexes(facts, pictures, women=text.women),
    )


def _lines(words: str) -> list[str]:
    return [line.strip().removeprefix("-").strip() for line in words.splitlines() if line.strip(" -")]


def _opening(facts: Facts) -> list[Block]:
    bases = "; ".join(basis_in_words(one) for one in facts.bases)
    first = f"Thực hiện {bases}, {facts.workshop.organiser}" if bases else facts.workshop.organiser
    return [Paragraph(f"{first} báo cáo kết quả như sau:")]


def _held(facts: Facts, text: ReportText) -> list[Block]:
    workshop, sessions = facts.workshop, facts.sessions
    days = list(dict.fromkeys(dates.in_words(dates.local_day(one.starts_at)) for one in sessions))
    when = f"{'; '.join(days) or UNKNOWN_DAY} ({facts.slots:02} buổi)"
    speakers = f"{len(facts.speakers):02} người ({', '.join(map(str, facts.speakers))})."
    blocks: list[Block] = [
        Heading("I. Tình hình tổ chức"),
        Paragraph(f"{when}, tại {workshop.venue}, {workshop.place.full_name}.", "1. Thời gian, địa điểm:"),
        Paragraph(f"{workshop.organiser}{f'; phối hợp: {workshop.co_organiser}' if workshop.co_organiser else ''}.", "2. Đơn vị tổ chức:"),
        Paragraph(speakers, "3. Báo cáo viên:") if facts.speakers else Paragraph("", "3. Báo cáo viên:", style=BLANK),
    ]  # fmt: skip
    topics = list(dict.fromkeys(item.topic for item in facts.agenda if item.speakers.all()))
    number = 4
    if topics:
        blocks.append(Paragraph(f"{'; '.join(topics).rstrip('.?!')}.", f"{number}. Nội dung:"))
        number += 1
    return [
        *blocks,
        Paragraph(_who_came(facts, text), f"{number}. Đại biểu:"),
        _by_component(facts, text),
        _by_session(facts),
    ]


def _who_came(facts: Facts, text: ReportText) -> str:
    total = facts.total
    share = f" ({percent(total.present / total.registered)} số có tên)" if total.registered else ""
    women = _women(facts, text)
    also = ((facts.instead, "người đi thay"), (facts.walk_ins, "người bổ sung tại chỗ"))
    others = "".join(f"; {number:02} {who}" for number, who in also if number)
    return (
        f"{grouped(total.invited)} đại biểu được cử hoặc mời theo danh sách; {grouped(total.registered)} đại biểu có tên trong danh sách chính thức; "
        f"có mặt {grouped(total.present)} đại biểu{share}{women}{others}. Thành phần tại Bảng 1, từng buổi tại Bảng 2, từng địa bàn tại Phụ lục I."
    )


def _women(facts: Facts, text: ReportText) -> str:
    """As the organiser counted them; else as far as the lists say it."""
    if text.women is not None:
        return f", trong đó {text.women} nữ (theo thống kê của Ban Tổ chức)"
    return f", trong đó {facts.genders} (theo danh sách)" if facts.genders.is_known else ""


def _by_component(facts: Facts, text: ReportText) -> Table:
    has_tests = facts.total.pairs is not None
    has_women = facts.genders.is_known
    more = [*(["Nữ có mặt"] if has_women else []), *(["Làm cả hai bài", "Đạt"] if has_tests else [])]
    heads = ["STT", "Thành phần", "Được cử, mời", "Có tên", "Có mặt", *more]
    narrow = 25 if not has_tests and not has_women else 20 if not (has_tests and has_women) else 18
    widths = [10, 154 - narrow * (3 + len(more)), *[narrow] * (3 + len(more))]

    def row(number: str, one: Count) -> list[str]:
        tests = [_or_dash(one.pairs), _or_dash(one.passed)] if has_tests else []
        women = [grouped(one.women)] if has_women else []
        return [number, one.label, grouped(one.invited), grouped(one.registered), grouped(one.present), *women, *tests]

    rows = [row(str(number), one) for number, one in enumerate(facts.components, 1)]
    last = row("", facts.total)
    last[1] = "Tổng cộng"
    hidden = any(one.pairs is None for one in facts.components)
    said = [
        counted_otherwise(facts, text.women),
        f"–: không nêu, để không lộ kết quả của nhóm dưới {LEAST} người" if has_tests and hidden else "",
    ]
    notes = "; ".join(filter(None, said))
    caption = f"Bảng 1. Đại biểu theo thành phần{notes and f' ({notes})'}"
    return Table(caption, heads, [*rows, last], widths, "cl" + "r" * (len(heads) - 2), has_total=True)


def _or_dash(number: int | None) -> str:
    return "–" if number is None else grouped(number)


def _by_session(facts: Facts) -> Table:
    rows = [
        [str(number), one.name, session_in_words(one), grouped(one.present), percent(one.present / one.expected) if one.expected else "–"]
        for number, one in enumerate(facts.sessions, 1)
    ]  # fmt: skip
    heads = ["STT", "Buổi", "Thời gian", "Có mặt", "So với số có tên"]
    caption = "Bảng 2. Đại biểu có mặt từng buổi"
    if facts.slots < len(facts.sessions):
        caption += " (các phòng cùng giờ tính là một buổi; mỗi phòng so với số người của phòng ấy)"
    return Table(caption, heads, rows, [10, 50, 62, 18, 24], "cllrr")


def _results(facts: Facts, text: ReportText) -> list[Block]:
    return [
        Heading("II. Kết quả"),
        *_assessed(text),
        Paragraph(_tests(facts), "1. Kiểm tra trước và sau tập huấn:"),
        Paragraph(_feedback(facts), "2. Ý kiến của đại biểu:"),
        *_put_to_use(facts),
    ]


def _assessed(text: ReportText) -> list[Block]:
    return [Paragraph(line) for line in text.assessment.splitlines() if line.strip()]


def _tests(facts: Facts) -> str:
    handed = (
        f"thu {facts.sheets.get(Moment.BEFORE, 0)} bài trước và {facts.sheets.get(Moment.AFTER, 0)} bài sau tập huấn"
    )
    if not facts.sheets:
        return "lớp không tổ chức kiểm tra."
    if facts.compared is None:
        return f"{handed}; {facts.pairs} đại biểu làm cả hai bài, dưới {LEAST} người nên không nêu kết quả."
    found = facts.compared
    return (
        f"{handed}; {found.pairs} đại biểu làm cả hai bài. Điểm trung bình của những người này là {decimal(found.before * 10)} trước và "
        f"{decimal(found.after * 10)} sau tập huấn (thang điểm 10); tỷ lệ đạt (từ {facts.pass_percent}% số câu đúng) là "
        f"{percent(found.passed_before)} trước và {percent(found.passed_after)} sau. Cách tính và khoảng tin cậy tại Phụ lục II."
    )


def _put_to_use(facts: Facts) -> list[Block]:
    """In the second edition, once officers have called. Who was drawn and not called yet is said to be so."""
    found = facts.followed_up
    if not found.answered:
        return []
    among = f" trong {found.drawn}" if found.called < found.drawn else ""
    said = f"đã gọi {found.called}{among} đại biểu được chọn ngẫu nhiên theo xã; {found.answered} người trả lời"
    if not found.is_told:
        return [Paragraph(f"{said}, dưới {LEAST} người nên không nêu kết quả.", "3. Áp dụng sau lớp:")]
    counts = "; ".join(f"{used}: {number} ({percent(number / found.answered)})" for used, number in found.used.items())
    where = " Việc đã làm và điều còn vướng tại Phụ lục IV." if found.done or found.hindrances else ""
    return [Paragraph(f"{said}. {counts[:1].upper()}{counts[1:]}.{where}", "3. Áp dụng sau lớp:")]


def _feedback(facts: Facts) -> str:
    if not facts.feedback:
        return "chưa thu phiếu đánh giá."
    if not facts.is_told:
        return f"thu {facts.feedback} phiếu không ghi tên, dưới {LEAST} phiếu nên không nêu kết quả từng câu."
    rated = [one for one in facts.items if one.kind == "scale" and one.mean is not None]
    said = f"thu {facts.feedback} phiếu không ghi tên."
    if rated:
        ranked = sorted(rated, key=lambda one: -(one.mean or 0))
        said += f" Mức trung bình của {len(rated)} câu năm mức là {decimal(sum(one.mean or 0 for one in rated) / len(rated))}/5"
        best, least = ranked[0], ranked[-1]
        if best.mean != least.mean:
            said += f"; cao nhất: “{best.label}” ({decimal(best.mean or 0)}), thấp nhất: “{least.label}” ({decimal(least.mean or 0)})"
        said += "."
    return f"{said} Chi tiết tại Phụ lục III."


def _views(facts: Facts, text: ReportText) -> list[Block]:
    return [
        Heading("III. Tồn tại, hạn chế"),
        *_items(text.weaknesses),
        Heading("IV. Kiến nghị"),
        *_items(text.proposals),
        Paragraph(
            f"Trên đây là báo cáo kết quả tổ chức lớp “{facts.workshop.title}” của {facts.workshop.organiser}./."
        ),
    ]


def _items(words: str) -> list[Block]:
    lines = _lines(words)
    return [Paragraph(DASHED + line, style="item") for line in lines] or [Paragraph(DASHED.strip(), style=BLANK)]
