"""Banks of two provinces: one's own, which a neighbour reads, and the neighbour's, in which both write."""

from datetime import datetime
from typing import Any

from accounts.models import User
from provinces.models import Place
from quizzes import actions
from quizzes.models import QuestionBank

from .questions import data_of

OWN: list[dict[str, Any]] = [
    {
        "kind": "single",
        "stem": "Khách hỏi tôm khô của nhà mình làm từ tôm gì. Trả lời thế nào thì khách tin?",
        "choices": [
            {"text": "Nói rõ tôm đất, bắt ở vuông nào, phơi mấy nắng", "right": True, "feedback": "Chi tiết có thật, khách hỏi thêm mình trả lời được."},
            {"text": "Nói tôm nhà tôi ngon nhất xứ", "right": False, "feedback": "Ai cũng nói được câu ấy."},
            {"text": "Nói tôm gì cũng như nhau", "right": False, "feedback": "Vậy thì khách mua chỗ nào cũng được."},
        ],
        "explanation": "Câu chuyện sản phẩm bắt đầu từ việc thật của nhà mình: con gì, ở đâu, làm ra sao.",
    },
    {
        "kind": "truefalse",
        "stem": "Trên nhãn bịch tôm khô chỉ cần ghi tên và số điện thoại người bán.",
        "answer": False,
        "explanation": "Nhãn còn phải cho biết tên hàng, nơi làm ra, ngày sản xuất, hạn dùng, khối lượng, thành phần.",
    },
]  # fmt: skip
SHARED: list[dict[str, Any]] = [
    {
        "kind": "single",
        "stem": "Bún, khô, mắm của hai tỉnh cùng bày một gian hàng. Bảng tên nên ghi gì?",
        "choices": [
            {"text": "Tên sản phẩm, tên cơ sở và xã của từng nhà", "right": True},
            {"text": "Chỉ ghi “Đặc sản miền Tây”", "right": False},
            {"text": "Không cần bảng, người bán nói là được", "right": False},
        ],
        "explanation": "Người xem hội chợ nhớ một cái tên và một nơi; nhờ vậy về nhà họ còn tìm lại được.",
    },
]


def load(*, now: datetime) -> None:
    author = User.objects.get(roles__role="author", is_demo=True)
    camau, angiang = (Place.objects.current().provinces().get(name=name) for name in ("Cà Mau", "An Giang"))
    admin = User.objects.get(is_superuser=True, is_demo=True)
    own = actions.save_bank(
        bank=QuestionBank(name="Sản vật Cà Mau", owner_place=camau), readers=[angiang], writers=[], by=author, at=now
    )
    shared = actions.save_bank(
        bank=QuestionBank(name="Gian hàng liên tỉnh", owner_place=angiang),
        readers=[],
        writers=[camau],
        by=admin,
        at=now,
    )
    for bank, rows in ((own, OWN), (shared, SHARED)):
        for row in rows:
            words = {name: row[name] for name in ("kind", "stem", "explanation")}
            actions.save_question(bank=bank, data=data_of(row), by=author, at=now, status="reviewed", **words)
