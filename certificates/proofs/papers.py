"""What is attached to a PDF, read in a process of its own with little memory and time.

A PDF of a few kilobytes can unpack to gigabytes at a dozen places, some of which are unpacked as soon as it is opened. The child
can only die of it; the site goes on. `python -m certificates.proofs.papers` reads a PDF and prints its attachments as JSON.
"""

import json
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from . import strict
from .findings import Finding, Refused

if TYPE_CHECKING:
    import pikepdf

MEMORY, SECONDS = 400 * 1024 * 1024, 8
MOST_FILES = 20
DAMAGED = 3  # what the child ends with when the PDF cannot be read
ENDINGS = (".jwt", ".json", ".jsonld", ".jws")
ROOT = Path(__file__).parents[2]


def attached(paper: bytes) -> list[str]:
    """The texts of its attached credentials, as they stand. Raises Refused for what cannot be opened within bounds."""
    command = [sys.executable, "-m", "certificates.proofs.papers"]
    try:
        child = subprocess.run(  # noqa: S603 -- our own module, by the running Python
            command, input=paper, capture_output=True, timeout=SECONDS, cwd=ROOT, check=False
        )
    except subprocess.TimeoutExpired as problem:
        raise Refused(Finding.TOO_LARGE, "PDF takes too long") from problem
    if child.returncode == DAMAGED:
        raise Refused(Finding.DAMAGED, "PDF")
    if child.returncode:
        raise Refused(Finding.TOO_LARGE, "PDF takes too much memory")
    found: list[str] = json.loads(child.stdout)
    if not found:
        raise Refused(Finding.NO_CREDENTIAL, "nothing attached")
    return found


def main() -> None:
    _limit()
    import pikepdf

    try:
        with pikepdf.open(BytesIO(sys.stdin.buffer.read())) as paper:
            found = _texts(paper)
    except (pikepdf.PdfError, pikepdf.PasswordError, ValueError, KeyError, TypeError, AttributeError):
        raise SystemExit(DAMAGED) from None
    json.dump(found, sys.stdout)


def _limit() -> None:
    try:
        import resource
    except ImportError:  # Windows: the time alone is limited
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _texts(paper: "pikepdf.Pdf") -> list[str]:
    found = []
    for number, (name, attachment) in enumerate(paper.attachments.items()):
        if number == MOST_FILES:
            break
        data = attachment.get_file().read_bytes() if name.lower().endswith(ENDINGS) else b""
        if data and len(data) <= strict.LONGEST:
            found.append(data.decode("utf-8", "replace"))
    return found


if __name__ == "__main__":
    main()
