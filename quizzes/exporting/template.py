"""The workbook to write questions in: one example of each kind, and a sheet that explains the columns.

It is made with the words that the importer knows, so that what it shows is what can be read.
"""

import io
from typing import Any

from lib import sheets
from quizzes.formats import table
from quizzes.formats.base import Draft

from . import workbook

_GAPS = {
    "text": "Muối Bạc Liêu được bảo hộ năm [[1]], phơi bằng [[2]] ở [[3]].",
    "gaps": [
        {"id": "1", "kind": "numeric", "data": {"answers": [{"value": "2013"}]}},
        {"id": "2", "kind": "short", "data": {"answers": ["nắng", "ánh nắng"]}},
        {"id": "3", "kind": "single", "data": {"choices": [
            {"id": "a", "text": "ruộng muối", "right": True, "feedback": ""},
            {"id": "b", "text": "nhà máy", "right": False, "feedback": ""},
        ]}},
    ],
}  # fmt: skip


def _choices(right: str, *words: str, **more: Any) -> dict[str, Any]:
    rows = [
        {"id": at, "text": said, "right": at in right, "feedback": ""}
        for at, said in zip("abcdef", words, strict=False)
    ]
    return {"choices": rows} | more


_TOLD = _choices("b", "Cà Mau", "Bạc Liêu", "Hà Giang")
_TOLD["choices"][0] |= {"feedback": "Cà Mau nổi tiếng về cua.", "weight": 50}
EXAMPLES = [
    Draft(
        1, "single", "Muối nào có chỉ dẫn địa lý từ năm 2013?", _TOLD,
        explanation="Muối Bạc Liêu được bảo hộ từ năm 2013.", key="muoi-1", difficulty=1, tags=("muối", "chỉ dẫn địa lý"),
    ),
    Draft(2, "multiple", "Chọn các bước làm muối.", _choices("ac", "Phơi nước biển", "Nướng", "Cào muối"), key="muoi-2"),
    Draft(3, "truefalse", "Nhãn hàng hóa phải ghi tên và địa chỉ nơi làm ra.", {
        "right": True, "feedback_wrong": "Xem lại bài về nhãn hàng hóa.",
    }),
    Draft(4, "short", "Ruộng muối phơi bằng gì?", {
        "answers": ["nắng", "ánh nắng"], "noted": [{"text": "gió", "weight": 50, "feedback": "Gió chỉ giúp thêm."}],
    }),
    Draft(5, "numeric", "Một tạ rưỡi là bao nhiêu ki-lô-gam?", {
        "answers": [{"value": "150"}, {"value": "15", "weight": 0, "feedback": "Một tạ là 100 kg."}],
        "units": [{"name": "kg", "factor": "1"}, {"name": "g", "factor": "0.001"}],
    }),
    Draft(6, "matching", "Ghép đặc sản với nơi làm ra.", {"pairs": [
        {"id": "a", "text": "Muối", "match": "Bạc Liêu"}, {"id": "b", "text": "Cua", "match": "Cà Mau"}, {"id": "c", "match": "Hà Giang"},
    ]}),
    Draft(7, "ordering", "Xếp các bước làm tôm khô.", {"items": [
        {"id": at, "text": step} for at, step in zip("abcd", ["Rửa", "Luộc", "Phơi", "Đóng gói"], strict=True)
    ]}),
    Draft(8, "gaps", "Điền vào chỗ trống.", _GAPS),
    Draft(9, "essay", "Kể một cách anh/chị giới thiệu sản phẩm với khách.", {
        "rubric": [{"id": "a", "text": "Có ví dụ thật", "points": "3"}, {"id": "b", "text": "Viết rõ ràng", "points": "1"}],
    }),
    Draft(10, "description", "Đọc đoạn sau rồi trả lời các câu tiếp theo.", {}),
]  # fmt: skip
HELP = [
    ("Cột", "Cách ghi"),
    ("Mã", "Để trống cũng được. Có mã thì lần sau nhập lại tệp đã sửa, câu cũ có phiên bản mới, không thành câu khác."),
    ("Dạng", "; ".join(names[0] for names in table.NAMES.values()) + ". Để trống thì hệ thống tự đoán từ đáp án."),
    ("Câu hỏi", "Lời hỏi. Muốn chữ đậm thì ghi **như thế này**."),
    ("Phương án A–J", "Câu lựa chọn: mỗi ô một phương án. Trả lời ngắn, số: mỗi ô một đáp án được chấp nhận, số ghi kèm sai số như 3,5 ± 0,1. "
     "Ghép cặp: mỗi ô “vế hỏi → vế khớp” (dùng → hoặc =>), bỏ trống vế hỏi để thêm lựa chọn sai. Xếp thứ tự: các bước theo thứ tự đúng. "
     "Điền chỗ trống: cả đoạn văn ở ô A, đáp án trong dấu [ ]: [sạch|sạch sẽ], [#3,5±0,1], [*đúng|sai]. Tự luận: mỗi ô một tiêu chí chấm."),
    ("Đáp án", "Câu lựa chọn: B, hoặc A, C. Đúng hay sai: Đúng hoặc Sai. Trả lời ngắn, số: có thể ghi ở đây. Tự luận: bài làm mẫu."),
    ("Điểm từng phương án", "Để trống là trọn điểm cho phương án đúng. Ghi A: 50; C: -20 hoặc 50; 0; -20. Tự luận: điểm của từng tiêu chí."),
    ("Phản hồi", "Mỗi dòng (Alt+Enter) một phương án: A: lời nhắn. Đúng hay sai: Khi đúng: …, Khi sai: …"),
    ("Giải thích", "Học viên đọc ở trang kết quả, khi bài kiểm tra cho xem giải thích."),
    ("Đơn vị", "Của câu số: kg; g = 0,001 (đơn vị đầu là của đáp số)."),
    ("Tùy chọn", "; ".join(table.FLAGS.values()) + "."),
    ("Độ khó", "1 (dễ), 2 (vừa), 3 (khó). Để trống là 1."),
    ("Nhãn", "Cách nhau bằng dấu phẩy: nhãn mác, an toàn thực phẩm. Nhập lại thì nhãn mới được thêm, nhãn đã có không bị bỏ."),
    ("Bài học", "Tên bài học để xem lại, đúng như tên trên trang."),
    ("Lưu ý", "Để ô ở dạng Văn bản (Text), nếu không Excel đổi “1/2” thành ngày tháng. Xóa các câu ví dụ trước khi nhập. "
     "Hình: thêm vào câu hỏi sau khi nhập."),
]  # fmt: skip


def workbook_to_fill() -> bytes:
    output = io.BytesIO()
    with sheets.book(output) as book:
        workbook.write_sheet(book, [workbook.write(draft) for draft in EXAMPLES])
        _explain(book)
    return output.getvalue()


def _explain(book: Any) -> None:
    sheet, bold = book.add_worksheet("Hướng dẫn"), book.add_format({"bold": True, "valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 110)
    for number, (column, words) in enumerate(HELP):
        sheet.write_string(number, 0, column, bold)
        sheet.write_string(number, 1, words, bold if number == 0 else wrapped)
