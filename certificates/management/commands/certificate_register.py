from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from certificates import register
from certificates.models import Credential, Issuer


class Command(BaseCommand):
    help = "Ghi sổ cấp giấy chứng nhận ra tệp .xlsx hay .pdf. / Writes the register of certificates to a file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--issuer", help="code of the issuer; without it, of all")
        parser.add_argument("--year", type=int, help="without it, of all years")
        parser.add_argument("file", type=Path, help="its ending says what it becomes: .xlsx or .pdf")

    def handle(self, *, issuer: str | None, year: int | None, file: Path, **options: Any) -> None:
        write = register.WRITERS.get(file.suffix.lstrip("."))
        if write is None:
            raise CommandError("Tên tệp phải kết thúc bằng .xlsx hay .pdf. / The name has to end in .xlsx or .pdf.")
        rows = Credential.objects.all()
        if issuer is not None:
            known = Issuer.objects.filter(code=issuer).first()
            if known is None:
                raise CommandError(f"Không có đơn vị cấp “{issuer}”. / There is no such issuer.")
            rows = rows.filter(issuer=known)
        if year is not None:
            rows = rows.filter(year=year)
        book = register.book_of(rows, about=f"Năm {year}" if year else "")
        try:
            with file.open("wb") as output:
                write(book, output)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        self.stdout.write(f"{file}: {rows.count()}")
