"""Invented people and courses on whom a design is tried: what is usual, and what has broken papers before."""

from django.utils.translation import gettext_lazy as _

from certificates.rules import Evidence

LONG_NAME = "Nguyễn Phước Quý Thạnh Bảo Ngọc Huyền Trân"
LONG_COURSE = "An toàn thực phẩm cho cơ sở nhỏ: một mẻ tôm khô đúng cách, từ nguyên liệu, phơi sấy đến đóng gói, ghi nhãn và ghi sổ"
LONG_WHO = "Sinh năm 1991 · Hợp tác xã Nuôi trồng và Chế biến Thủy sản Tân Ân Tây Rạch Gốc"
USUAL = Evidence(
    name="Nguyễn Thị Ánh Tuyết",
    who_line="Sinh năm 1980 · Tôm khô Rạch Lá",
    address_line="Xã Rạch Lá, tỉnh Sông Đước",
    course_kind="khóa học trực tuyến",
    course="Kể câu chuyện sản phẩm",
    course_en="Telling the story of a product",
    duration="12 giờ học",
    period="từ ngày 05/10/2026 đến ngày 30/10/2026",
    period_short="05/10/2026 – 30/10/2026",
    result="Đạt",
    issuer_parent="SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG TỈNH SÔNG ĐƯỚC",
    issuer="VĂN PHÒNG ĐIỀU PHỐI NÔNG THÔN MỚI",
    issuer_en="Rural Development Coordination Office",
    place="Sông Đước",
    issue_date="ngày 02 tháng 11 năm 2026",
    issued_on="02/11/2026",
    signer_post="CHÁNH VĂN PHÒNG",
    signer_post_en="Head of Office",
    signer="Lâm Thái Bảo",
    number="0217/GCN-VPĐP",
    register_number="0217/2026",
).as_dict()
OTHERS = {
    "usual": {},
    "long": {"name": LONG_NAME, "who_line": LONG_WHO},
    "short": {"name": "Út", "who_line": ""},
    "khmer": {"name": "Thạch Thị Hồng Phương", "khmer_name": "ថាច់ ធីហុង ភឿងថាវ"},
    "khmer_name": {"name": "ថាច់ សុវណ្ណារ៉ា"},
    "course": {"course": LONG_COURSE, "course_en": "Food safety for small producers: a batch of dried shrimp, done right, from the catch to the label and the book"},
    "both": {},
    "specimen": {},
    "worst": {"name": LONG_NAME, "who_line": LONG_WHO, "course": LONG_COURSE, "khmer_name": "ថាច់ ធីហុង ភឿងថាវ"},
}  # fmt: skip
MODES = [
    ("usual", _("thường gặp")),
    ("long", _("tên dài nhất")),
    ("short", _("tên một chữ")),
    ("khmer", _("có thêm dòng chữ Khmer")),
    ("khmer_name", _("tên chữ Khmer")),
    ("course", _("tên khóa dài")),
    ("both", _("in song ngữ")),
    ("specimen", _("giấy mẫu, không có giá trị")),
    ("worst", _("tất cả đều dài")),
]
TRIED = ("long", "course", "worst")  # what a design must hold


def evidence(case: str) -> dict[str, str]:
    return USUAL | OTHERS.get(case, {})
