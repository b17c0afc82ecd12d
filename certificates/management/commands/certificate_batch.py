import secrets
import shutil
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Q, QuerySet
from django.utils import timezone

from certificates import actions
from certificates.batches import files, working
from certificates.batches.forms import ChooseForm
from certificates.models import Award, Batch, EntryState, Issuer, Layout
from courses.models import CoursePage
from lib.refusals import Refusal


class Command(BaseCommand):
    help = "Vẽ nhiều giấy chứng nhận một lượt. / Draws many certificates in one go; one that was killed goes on with --resume."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--resume", type=int, metavar="NUMBER", help="go on with this batch instead of making one")
        parser.add_argument("--course", help="slug of the course; without it, of all")
        parser.add_argument("--issuer", help="code of the issuer; without it, of all")
        parser.add_argument("--year", type=int, help="of issue")
        parser.add_argument("--first", type=int, help="number in the register, the first")
        parser.add_argument("--last", type=int, help="number in the register, the last")
        parser.add_argument("--again", action="store_true", help="also what was in a batch before")
        parser.add_argument("--layout", choices=Layout.values, default=Layout.ONE.value)
        parser.add_argument("--tell", action="store_true", help="send a message to each holder who agreed to messages")
        parser.add_argument("--sheets", type=Path, metavar="FILE", help="where the PDF to print goes")
        parser.add_argument("--zip", type=Path, metavar="FILE", help="where the certificates go, a file each")

    def handle(self, *, resume: int | None, sheets: Path | None, zip: Path | None, **options: Any) -> None:
        for path in filter(None, (sheets, zip)):
            if not path.parent.is_dir():
                raise CommandError(f"Không có thư mục {path.parent}. / There is no such folder.")
        batch = self._known(resume) if resume is not None else self._made(**options)
        self.stdout.write(f"Đợt in {batch.pk}: {batch.entries.count()} giấy. / Batch {batch.pk}.")
        self._draw(batch)
        if sheets or zip:
            self._without_ended(batch)
        failed = batch.entries.filter(state=EntryState.FAILED)
        for entry in failed:
            self.stdout.write(f"  {entry.enrolment_id}: {entry.failure}")
        try:
            if sheets:
                self._refuse_without_sheets(batch)
                shutil.copyfile(files.sheets(batch), sheets)
            if zip:
                self._refuse_without_papers(batch)
                with zip.open("wb") as file:
                    file.writelines(files.zipped(batch, batch.entries.all()))
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error
        if count := failed.count():
            raise CommandError(
                f"Chưa vẽ được {count} giấy nêu trên; đã ghi các giấy còn lại. / {count} of them were not drawn."
            )

    def _draw(self, batch: Batch) -> None:
        """In one go, so that no job takes the batch over in between."""
        told = time.monotonic()

        def tell() -> None:
            nonlocal told
            if time.monotonic() - told >= working.A_ROUND:
                told = time.monotonic()
                self._tell(batch)

        try:
            working.work(batch, tell=tell)
        except files.BusyError as busy:
            said = f"Đợt in {batch.pk} đang được vẽ ở nơi khác; lát nữa chạy lại với --resume {batch.pk}."
            raise CommandError(f"{said} / Another process works on it.") from busy
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            raise CommandError(f"{where}{error.strerror} (--resume {batch.pk})") from error
        self._tell(batch)
        self._refuse_stopped(batch)

    def _refuse_stopped(self, batch: Batch) -> None:
        batch.refresh_from_db()
        if batch.cancelled_at:
            raise CommandError(f"Đợt in {batch.pk} đã bị dừng, không có tệp nào. / It was stopped; there are no files.")

    def _tell(self, batch: Batch) -> None:
        settled = batch.entries.exclude(state=EntryState.WAITING).count()
        self.stdout.write(f"{settled}/{batch.entries.count()}")

    def _without_ended(self, batch: Batch) -> None:
        """As the page asks for with "Ghép lại tờ in"; until none is left, for one can be revoked while this draws."""
        while count := batch.ended().count():
            self.stdout.write(
                f"Vẽ lại, bỏ {count} giấy đã bị thu hồi hoặc được thay thế từ lúc vẽ. / It is drawn anew without {count} "
                f"revoked or replaced since."
            )
            try:
                working.retry(batch, by=None, may_begin_again=False)  # whoever stopped it meanwhile means it
            except Refusal as refusal:
                raise CommandError(f"{refusal} / It was stopped, or its files are gone.") from refusal
            self._draw(batch)

    def _refuse_without_sheets(self, batch: Batch) -> None:
        if not files.sheets(batch).exists():
            batch.refresh_from_db()
            raise CommandError(f"Đợt in {batch.pk} không có tờ in. {batch.trouble} / There are no sheets.")

    def _refuse_without_papers(self, batch: Batch) -> None:
        drawn = batch.entries.filter(state=EntryState.DONE).select_related("credential")
        held = [files.paper(batch, one.credential) for one in drawn if one.credential]
        if lost := sum(not path.exists() for path in held):
            raise CommandError(
                f"Đợt in {batch.pk} mất tệp của {lost} giấy; hãy lập đợt mới với --again. / Files of {lost} are lost."
            )

    def _known(self, pk: int) -> Batch:
        """One that was stopped begins anew, as from its page."""
        batch = Batch.objects.filter(Q(forgotten_at=None) | ~Q(cancelled_at=None), pk=pk).first()
        if batch is None:
            raise CommandError(f"Không có đợt in {pk} còn giữ tệp. / There is no such batch, or its files are gone.")
        if batch.cancelled_at:
            try:
                working.retry(batch, by=None)
            except Refusal as refusal:
                raise CommandError(f"{refusal} / It cannot be run again.") from refusal
            batch.refresh_from_db()
        return batch

    def _made(self, *, course: str | None, issuer: str | None, layout: str, tell: bool, **options: Any) -> Batch:
        chosen = {name: options[name] for name in ("year", "first", "last", "again") if options[name] is not None}
        if course is not None:
            pages = CoursePage.objects.filter(slug=course)
            awards = Award.objects.filter(course__translation_key__in=pages.values("translation_key"))
            chosen["award"] = self._key(awards, course, _slugs)
        if issuer is not None:
            chosen["issuer"] = self._key(Issuer.objects.filter(code=issuer), issuer, _codes)
        choose = ChooseForm(chosen, user=None)
        if not choose.is_valid():
            raise CommandError(
                " ".join(f"--{name}: {' '.join(map(str, said))}" for name, said in choose.errors.items())
            )
        at, today = timezone.now(), timezone.localdate()
        if count := choose.elsewhere(today).values("enrolment").distinct().count():
            self.stdout.write(f"{count} giấy đang nằm trong đợt in khác. / {count} wait in another batch.")
        try:
            return actions.make_batch(
                token=secrets.token_urlsafe(16),
                enrolments=choose.enrolments(today, most=actions.batches.MOST + 1),
                title=choose.title(),
                layout=Layout(layout),
                is_told=tell,
                by=None,
                at=at,
                is_again=choose.cleaned_data["again"],
            )
        except Refusal as refusal:
            raise CommandError(
                f"{refusal} (--again?) / Nothing to draw, too much, or in another batch by now."
            ) from refusal

    def _key(self, among: QuerySet[Any], said: str, all_of: Callable[[], Iterable[str]]) -> int:
        found = among.order_by("pk").first()
        if found is None:
            known = ", ".join(all_of()) or "–"
            raise CommandError(f"Không có “{said}”; đang có: {known}. / There is no “{said}”; there are: {known}.")
        return int(found.pk)


def _slugs() -> Iterable[str]:
    """Of the courses for which certificates are issued, in whatever language their pages are."""
    courses = Award.objects.values("course__translation_key")
    return (
        CoursePage.objects.filter(translation_key__in=courses)
        .order_by("slug")
        .values_list("slug", flat=True)
        .distinct()
    )


def _codes() -> Iterable[str]:
    return Issuer.objects.order_by("code").values_list("code", flat=True)
