"""What a browser posts from the form of a question."""

from quizzes.models import Question, QuestionBank

ADD = "/quan-tri/question/new/"
ROWS = [("Kể thật", True, "Đúng rồi"), ("Bịa cho hay", False, "")]


def choices(rows=ROWS, ids=(), **more) -> dict:
    form = {"kind-rows-TOTAL_FORMS": len(rows), "kind-rows-INITIAL_FORMS": len(ids), "kind-shuffle": "on"}
    for number, (text, right, feedback) in enumerate(rows):
        form |= {f"kind-rows-{number}-text": text, f"kind-rows-{number}-feedback": feedback}
        form |= {f"kind-rows-{number}-right": "on"} if right else {}
        form |= {f"kind-rows-{number}-id": ids[number]} if number < len(ids) else {}
    return form | more


def rows(*filled: dict) -> dict:
    """Rows of a kind's form as a browser posts them."""
    named = {f"kind-rows-{n}-{name}": value for n, row in enumerate(filled) for name, value in row.items()}
    return {"kind-rows-TOTAL_FORMS": len(filled), "kind-rows-INITIAL_FORMS": 0} | named


def typed(bank: QuestionBank, kind: str = "single", **fields) -> dict:
    usual = {
        "kind": kind, "bank": bank.pk, "stem": "Kể chuyện thế nào?", "explanation": "Người mua tin lời thật.",
        "status": "reviewed", "difficulty": "2", "language": "vi", "key": "", "lesson": "",
    }  # fmt: skip
    rows = choices() if kind in ("single", "multiple") else choices([])
    return usual | (rows if "kind-rows-TOTAL_FORMS" not in fields else {}) | fields


def edit(question: Question) -> str:
    return f"/quan-tri/question/edit/{question.pk}/"
