"""What an organiser writes into the report of a workshop."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import User
from lib.refusals import Refusal
from workshops.models import ReportText, Workshop

WRITTEN = (
    "number", "issued_on", "women", "assessment", "weaknesses", "proposals", "recipients", "signer_post", "signer",
)  # fmt: skip


@transaction.atomic
def write_report(
    *, workshop: Workshop, words: Mapping[str, Any], seen: datetime | None, by: User, at: datetime
) -> ReportText:
    """`seen`: when what they had before them was written. Raises Refusal where somebody else wrote since, so that no words are lost."""
    Workshop.objects.select_for_update(no_key=True, of=("self",)).get(pk=workshop.pk)
    text = ReportText.objects.filter(workshop=workshop).first() or ReportText(workshop=workshop)
    if text.pk and text.written_by == by and all(getattr(text, name) == words[name] for name in WRITTEN):
        return text  # the button was pressed twice
    if text.pk and text.written_at != seen:
        raise Refusal(
            _(
                "Chưa lưu, vì có người vừa sửa phần nhận xét của báo cáo này. Hãy mở thêm một cửa sổ để xem bản của họ, ghép vào đây rồi lưu lại."
            )
        )
    for name in WRITTEN:
        setattr(text, name, words[name])
    text.written_by, text.written_at = by, at
    text.save()
    log(instance=workshop, action="workshops.report_written", user=by, timestamp=at)
    return text
