"""Question files for tests, and how they are brought in."""

import io
import re
import zipfile
from html import escape

from django.core.files.uploadedfile import SimpleUploadedFile

from quizzes import actions, importing
from tests import cast

GIFT = "Muối màu gì? {=trắng ~xanh}\n\nNước sôi. {T}\n"
UPLOAD = "/quan-tri/cau-hoi/nhap/"


def plan(bank, data, name="tep.txt", **more):
    return importing.plan(data=data.encode() if isinstance(data, str) else data, name=name, bank=bank, **more)


def bring(bank, data, name="tep.txt"):
    return actions.import_questions(plan=plan(bank, data, name), by=None, at=cast.NOW)


def document(*paragraphs: str) -> bytes:
    """A Word document; a paragraph that begins with ! is bold."""
    body = "".join(
        f"<w:p><w:r>{'<w:rPr><w:b/></w:rPr>' if words[:1] == '!' else ''}<w:t>{escape(words.lstrip('!'))}</w:t></w:r></w:p>"
        for words in paragraphs
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>')
    return packed.getvalue()


def question(kind: str, inside: str, stem: str = "<p>Hỏi?</p>") -> str:
    words = f'<questiontext format="html"><text><![CDATA[{stem}]]></text></questiontext>'
    return f'<question type="{kind}"><name><text>T</text></name>{words}{inside}</question>'


def moodle(*questions: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?><quiz>{"".join(questions)}</quiz>'.encode()


def answer(fraction: object, words: str, more: str = "") -> str:
    return f'<answer fraction="{fraction}"><text>{words}</text>{more}</answer>'


def send(client, bank, content, name="muoi.txt"):
    return client.post(
        UPLOAD,
        {
            "bank": bank.pk,
            "file": SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content),
            "form": "",
        },
    )


def press(client, page):
    """The button under what the page says would happen."""
    return client.post(UPLOAD, dict(re.findall(r'name="(token|seen)" value="(\w+)"', page.text)), follow=True)
