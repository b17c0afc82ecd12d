"""Makes each paper for whoever may see these registrations: pages and the command line ask here."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.queries import current_consent_texts
from lib import dates
from lib.refusals import Refusal
from lib.sheets import XLSX
from workshops import parallel, queries, rendering, showing
from workshops.hall import printing
from workshops.hall.moments import SLUGS
from workshops.models import Attendance, Moment, Registration, ReportText, Workshop
from workshops.rendering import consents, reports, sheets, workbooks
from workshops.rendering import invitations as letters
from workshops.reporting import composing, documents, facts, rolls

from .forms import AttendanceForm, BadgesForm, InvitationsForm, OrderedForm, PaperForm, PaymentForm, WorkbookForm

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class File:
    name: str
    kind: str
    data: bytes


def _held(workshop: Workshop, registrations: QuerySet[Registration]) -> list[rolls.Delegate]:
    return rolls.holding(rolls.delegates_of(registrations, parallel.rooms(workshop)))


def attendance(workshop: Workshop, registrations: QuerySet[Registration], form: AttendanceForm) -> File:
    """Of a parallel session those who go there, and apart those of whom nobody knows yet."""
    session = form.session
    if session is None:
        raise Refusal(_("Lớp chưa có buổi nào, nên chưa có danh sách ký tên."))
    session.workshop = workshop
    listed, present, rooms = rolls.delegates_of(registrations), None, parallel.rooms(workshop)
    if form.cleaned_data["co_mat"]:
        here = Attendance.objects.filter(session=session, taken_back_at=None)
        present = frozenset(here.values_list("registration", flat=True))
    counted = rolls.counted(listed, present or ())
    data = sheets.attendance(
        session,
        [one for one in counted if rooms.is_expected(session, one.pk)],
        order=form.order,
        spare=form.spare,
        present=present,
        unassigned=[one for one in counted if rooms.is_unassigned(session, one.pk)],
    )
    return File(f"ky-ten-{workshop.slug}-{session.pk}.pdf", PDF, data)


def delegates(workshop: Workshop, registrations: QuerySet[Registration], form: OrderedForm) -> File:
    data = sheets.delegate_list(workshop, _held(workshop, registrations), order=form.order)
    return File(f"dai-bieu-{workshop.slug}.pdf", PDF, data)


def invitations(workshop: Workshop, registrations: QuerySet[Registration], form: InvitationsForm) -> File:
    chosen, rooms = form.chosen(_held(workshop, registrations)), parallel.rooms(workshop)
    if workshop.cancelled_at or not rooms.slots:
        raise Refusal(_("Lớp đã hủy hoặc chưa có buổi nào, nên chưa in giấy mời được."))
    if not chosen:
        raise Refusal(_("Không có đại biểu nào để mời theo lựa chọn này."))
    data = letters.invitations(
        workshop,
        chosen,
        by_unit=form.by_unit,
        rooms=rooms,
        agenda=queries.agenda(workshop),
        bases=list(workshop.bases.all()),
        post=form.cleaned_data["chuc_vu"],
        signer=form.cleaned_data["nguoi_ky"],
    )
    return File(f"giay-moi-{workshop.slug}.pdf", PDF, data)


def badges(workshop: Workshop, registrations: QuerySet[Registration], form: BadgesForm) -> File:
    chosen = form.chosen(_held(workshop, registrations))
    speakers = list(workshop.speakers.all()) if form.cleaned_data["bao_cao_vien"] else []
    empty = form.cleaned_data["to_chuc"] or 0
    if not (chosen or speakers or empty):
        raise Refusal(_("Không có thẻ nào để in theo lựa chọn này. Hãy xem lại các số thẻ và giờ đăng ký."))
    when = " · ".join(filter(None, [_days(workshop), workshop.venue]))
    return File(f"the-{workshop.slug}.pdf", PDF, sheets.badges(workshop, chosen, speakers, when=when, empty=empty))


def _days(workshop: Workshop) -> str:
    """ "25/11/2026", two of them, or the first and the last of more."""
    days = list(dict.fromkeys(dates.short(dates.local_day(at)) for at in queries.slots(workshop)))
    return ", ".join(days) if len(days) < 3 else f"{days[0]} – {days[-1]}"


def consent(workshop: Workshop, registrations: QuerySet[Registration], form: PaperForm) -> File:
    return File("phieu-dong-y.pdf", PDF, consents.consent_form(workshop, current_consent_texts("vi")))


def payment(workshop: Workshop, registrations: QuerySet[Registration], form: PaymentForm) -> File:
    attended = parallel.presence(workshop)
    paid = rolls.counted(rolls.delegates_of(registrations, parallel.rooms(workshop)), attended)
    if form.cleaned_data["chi_co_mat"]:
        paid = [one for one in paid if one.pk in attended]
    data = sheets.payment(
        workshop,
        paid,
        sums=form.sums,
        attended=attended,
        speakers=form.speakers,
        left_out=workshop.speakers.count() - len(form.speakers),
        agenda=queries.agenda(workshop),
        bases=list(workshop.bases.all()),
        days=list(dict.fromkeys(dates.in_words(dates.local_day(at)) for at in queries.slots(workshop))),
        kinds=form.kinds,
    )
    return File(f"thanh-toan-{workshop.slug}.pdf", PDF, data)


def workbook(workshop: Workshop, registrations: QuerySet[Registration], form: WorkbookForm) -> File:
    seen = rolls.delegates_of(registrations, parallel.rooms(workshop))
    is_whole = len(seen) == Registration.objects.filter(workshop=workshop).count()
    data = workbooks.workbook(workshop, seen, lists=form.lists, is_whole=is_whole, calls=form.calls)
    return File(f"so-lieu-{workshop.slug}.xlsx", XLSX, data)


def report(workshop: Workshop, kind: str) -> File:
    text = ReportText.objects.filter(workshop=workshop).first()
    composed = composing.compose(facts.gather(workshop), text, reports.photos_of(workshop))
    name = f"bao-cao-{workshop.slug}"
    if kind == "docx":
        return File(f"{name}.docx", DOCX, documents.docx(composed))
    return File(f"{name}.pdf", PDF, reports.report_pdf(composed))


def programme(workshop: Workshop) -> File:
    return File(f"chuong-trinh-{workshop.slug}.pdf", PDF, rendering.programme(showing.of(workshop.slug)))


def test(workshop: Workshop, moment: Moment) -> File:
    """To be done with a pen."""
    found = queries.tests_of(workshop).get(moment)
    if found is None:
        raise Refusal(
            _("Lớp chưa có đề kiểm tra. Hãy chọn ngân hàng câu hỏi và chia đề trước, ở “Kiểm tra và đánh giá”.")
        )
    data = printing.sheet(workshop, "test", printing.context_of(found))
    return File(f"de-{SLUGS[moment]}-{workshop.slug}.pdf", PDF, data)


def key(workshop: Workshop) -> File:
    """Of both tests, for the organisers alone."""
    tests = queries.tests_of(workshop)
    if not tests:
        raise Refusal(
            _("Lớp chưa có đề kiểm tra. Hãy chọn ngân hàng câu hỏi và chia đề trước, ở “Kiểm tra và đánh giá”.")
        )
    return File(f"dap-an-{workshop.slug}.pdf", PDF, printing.sheet(workshop, "key", printing.keys_of(tests)))


def feedback(workshop: Workshop) -> File:
    questions = queries.feedback_questions(workshop)
    if not questions:
        raise Refusal(_("Lớp chưa có câu hỏi đánh giá. Hãy thêm câu hỏi trước, ở “Kiểm tra và đánh giá”."))
    data = printing.sheet(workshop, "feedback", printing.feedback_of(questions))
    return File(f"phieu-danh-gia-{workshop.slug}.pdf", PDF, data)
