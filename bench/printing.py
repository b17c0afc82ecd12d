"""The inside of `bench.paper`: makes documents in this process, JSON in and JSON out."""

import io
import json
import os
import resource
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import django


def _cpu(job: Callable[[], object], times: int = 1) -> float:
    """Seconds of this process and of those that it began."""
    begun = sum(os.times()[:4])
    for _again in range(times):
        job()
    return (sum(os.times()[:4]) - begun) / times


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _board(count: int) -> Any:
    from django.utils import timezone

    from reports.filtering import ALL
    from reports.queries import Board, Row
    from reports.rules import Figures

    figures = Figures(persons=900, enrolled=1200, active=300, completed=800, certified=640)
    rows = [Row(f"Xã Phan Ngọc Hiển {number}", figures) for number in range(count)]
    return Board(
        name="Cả nước",
        place=None,
        filters=ALL,
        parents=[],
        total=figures,
        places=rows,
        courses=[],
        of_history=[],
        without=[],
        scope=None,
        counted_at=timezone.now(),
    )


def workbook(count: int) -> dict[str, float]:
    from reports import exports, papers

    papers.workbook(exports.tables(_board(10)))
    board = _board(count)
    return {"seconds": _cpu(lambda: papers.workbook(exports.tables(board))), "peak": _peak()}


def bare_workbook(count: int) -> dict[str, float]:
    """XlsxWriter alone, as its documentation begins, writing the same cells."""
    import xlsxwriter

    board = _board(count)

    def write() -> None:
        book = xlsxwriter.Workbook(io.BytesIO(), {"in_memory": True})
        sheet = book.add_worksheet()
        for index, row in enumerate(board.places):
            figures = row.figures
            sheet.write(index, 0, row.label)
            values = (figures.persons, figures.enrolled, figures.active, figures.completed, 66, figures.certified)
            for column, value in enumerate(values, start=1):
                sheet.write(index, column, value)
        book.close()

    return {"seconds": _cpu(write), "peak": _peak()}


PEOPLE_AT_ONCE = 2000  # so that the people's own memory does not hide that of the list


def _people(count: int) -> None:
    from accounts.models import Person, Subject
    from provinces.models import Place

    places = list(Place.objects.current().communes())
    subject = Subject.objects.create(name="Tôm khô Đo", kind="household", place=places[0])
    for first in range(0, count, PEOPLE_AT_ONCE):
        Person.objects.bulk_create(
            Person(
                name=f"Nguyễn Thị Đo {number}",
                sort_key=str(number),
                search="do",
                birth_year=1970,
                place=places[number % len(places)],
                kind="subject",
                subject=subject,
            )
            for number in range(first, min(first + PEOPLE_AT_ONCE, count))
        )


def listing(count: int) -> dict[str, float]:
    """The admin's list of people as a download, from the database to the file; nothing of it stays."""
    from django.db import transaction
    from django.test import RequestFactory

    from accounts.models import User
    from accounts.viewsets.people import PersonViewSet

    request = RequestFactory().get("/", {"export": "xlsx"})
    request.user = User(is_superuser=True, is_staff=True)
    view = PersonViewSet("person").index_view
    with transaction.atomic():
        _people(count)
        seconds = _cpu(lambda: view(request).getvalue())
        transaction.set_rollback(True)
    return {"seconds": seconds, "peak": _peak()}


def bare_listing(count: int) -> dict[str, float]:
    """XlsxWriter alone in its frugal mode, writing cells like those."""
    import xlsxwriter

    def write() -> None:
        book = xlsxwriter.Workbook(io.BytesIO(), {"constant_memory": True})
        sheet = book.add_worksheet()
        for index in range(count):
            words = (f"Nguyễn Thị Đo {index}", 1970, "xã Phan Ngọc Hiển, tỉnh Cà Mau", "chủ thể OCOP", "Tôm khô Đo")
            for column, value in enumerate(words):
                sheet.write(index, column, value)
        book.close()

    return {"seconds": _cpu(write), "peak": _peak()}


def _credential() -> Any:
    from contextlib import suppress

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from certificates import keys
    from certificates.actions.keys import state
    from certificates.models import Award, Credential, Issuer
    from certificates.rules import Evidence

    evidence = Evidence(
        name="Nguyễn Thị Ngọc Diễm", who_line="Sinh năm 1980 · Tôm khô Rạch Gốc", address_line="Xã Phan Ngọc Hiển, tỉnh Cà Mau",
        course_kind="khóa học trực tuyến", course="Bắt đầu với OCOP", duration="60 phút học",
        period="từ ngày 01/10/2026 đến ngày 11/10/2026", period_short="01/10/2026 – 11/10/2026", result="Đạt",
        issuer_parent="ĐƠN VỊ MẪU", issuer="VĂN PHÒNG MẪU", place="Cà Mau", issue_date="ngày 11 tháng 10 năm 2026",
        issued_on="11/10/2026", signer_post="CHÁNH VĂN PHÒNG", signer="Người Ký", number="1/GCN-MẪU", register_number="0001/2026",
    )  # fmt: skip
    credential = Credential(
        code="7K4MQ2XD",
        issuer=Issuer(pk=1, code="MẪU"),
        award=Award(design="formal"),
        number="1/GCN-MẪU",
        evidence=evidence.as_dict(),
        issued_at=datetime(2026, 10, 11, 3, tzinfo=UTC),
        is_specimen=True,
    )
    private = Ed25519PrivateKey.from_private_bytes(bytes(32))  # of nobody; each process of a batch has the same
    kid = keys.kid_of(keys.public_of(private))
    if not keys.path_of(kid).exists():
        with suppress(FileExistsError):  # another process was quicker
            keys.keep(private)
    state(credential, keys.Signer(kid, private))
    return credential


def certificate(count: int) -> dict[str, float]:
    """A certificate with its credential inside and a line of text, both archival and tagged, in turn in one warm process.

    The line has our fetcher too: with WeasyPrint's own each document sets up TLS, which costs more than the line.
    """
    from weasyprint import HTML

    from certificates import rendering

    credential, fetcher = _credential(), rendering.Printer.shared().fetcher

    def line() -> None:
        page = '<html lang="vi"><title>Một dòng</title><p>Một dòng chữ.'
        HTML(string=page, url_fetcher=fetcher).write_pdf(pdf_variant=rendering.VARIANT, pdf_tags=True)

    def ours() -> None:
        rendering.pdf(credential)

    for job in (line, ours):
        _cpu(job, 2)
    return {"line": _cpu(line, count), "ours": _cpu(ours, count)}


def seal(count: int) -> dict[str, float]:
    """The seal alone, on a page that is printed already."""
    from certificates.rendering import archival, papers
    from certificates.sealing import keys, signing

    credential, spent = _credential(), {}
    context = papers.values(credential) | {"seal_line": "VĂN PHÒNG MẪU ký số lúc 10:00 ngày 11/10/2026"}
    page = papers.draw(papers.paper_of(credential), context, archival.finisher(credential, with_field=True))
    for kind, packed in _seals().items():
        with tempfile.NamedTemporaryFile(suffix=".p12") as file:
            Path(file.name).write_bytes(packed)
            sealer = keys._from_file(Path(file.name), 0, "x")
        sign = partial(signing.sign, page, sealer)
        _cpu(sign, 2)
        spent[kind] = _cpu(sign, count)
    return spent


def _seals() -> dict[str, bytes]:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, rsa
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "VĂN PHÒNG MẪU")])
    now, packed = datetime.now(UTC), {}
    fresh: dict[str, Any] = {
        "ecdsa": ec.generate_private_key(ec.SECP256R1()),
        "rsa": rsa.generate_private_key(65537, 2048),
    }
    for kind, key in fresh.items():
        builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        builder = (
            builder.serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        )
        certificate = builder.sign(key, hashes.SHA256())
        packed[kind] = pkcs12.serialize_key_and_certificates(
            b"x", key, certificate, None, BestAvailableEncryption(b"x")
        )
    return packed


def batch(count: int, workers: int) -> dict[str, float]:
    """As certificates.batches draws: one process gives out, so many draw side by side."""
    from certificates.rendering import papers

    credential, under_way = _credential(), deque[Any]()
    papers.pdf(credential)

    def work() -> None:
        for _one in range(count):
            under_way.append(papers.begun(credential))
            if len(under_way) == workers:
                papers.result_of(under_way.popleft())
        while under_way:
            papers.result_of(under_way.popleft())

    begun = time.perf_counter()
    cpu = _cpu(work)
    own, drawing = (
        resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return {"wall": time.perf_counter() - begun, "cpu": cpu, "own": own, "drawing": drawing}


TASKS: dict[str, Callable[..., dict[str, float]]] = {
    "workbook": workbook,
    "bare workbook": bare_workbook,
    "listing": listing,
    "bare listing": bare_listing,
    "certificate": certificate,
    "seal": seal,
    "batch": batch,
}

if __name__ == "__main__":
    question = json.load(sys.stdin)
    django.setup()
    print(json.dumps(TASKS[question.pop("task")](**question)))  # noqa: T201 (its answer)
