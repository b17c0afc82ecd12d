"""What is attached to a PDF and what is printed on it, read in a process of its own with little memory and time.

A PDF of a few kilobytes can unpack to gigabytes at a dozen places, some of which are unpacked as soon as it is opened. The child
can only die of it; the site goes on. `python -m certificates.proofs.papers` reads a PDF and prints both as JSON.
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

MEMORY, SECONDS, SLOWLY = 400 * 1024 * 1024, 4, 3  # seconds of a processor; three times as many by the clock
MOST_FILES, MOST_CREDENTIALS, MOST_PAGES, MOST_LETTERS = 20, 3, 3, 20_000
DAMAGED = 3  # what the child ends with when the PDF cannot be read
ENDINGS = (".jwt", ".json", ".jsonld", ".jws")
ROOT = Path(__file__).parents[2]


def opened(paper: bytes) -> tuple[list[str], str]:
    """The texts of its attached credentials as they stand, and the words on its pages. Raises Refused for what cannot be opened within bounds."""
    command = [sys.executable, "-m", "certificates.proofs.papers"]
    try:
        child = subprocess.run(  # noqa: S603 -- our own module, by the running Python
            command, input=paper, capture_output=True, timeout=SLOWLY * SECONDS, cwd=ROOT, check=False
        )
    except subprocess.TimeoutExpired as problem:
        raise Refused(Finding.TOO_LARGE, "PDF takes too long") from problem
    if child.returncode == DAMAGED:
        raise Refused(Finding.DAMAGED, "PDF")
    if child.returncode:
        raise Refused(Finding.TOO_LARGE, "PDF takes too much memory")
    found = json.loads(child.stdout)
    if not found["attached"]:
        raise Refused(Finding.NO_CREDENTIAL, "nothing attached")
    if len(found["attached"]) > MOST_CREDENTIALS:
        raise Refused(Finding.TOO_LARGE, "credentials attached")
    return found["attached"], found["printed"]


def main() -> None:
    _limit()
    import pikepdf

    data = sys.stdin.buffer.read()
    try:
        with pikepdf.open(BytesIO(data)) as paper:
            found = _texts(paper)
    except (pikepdf.PdfError, pikepdf.PasswordError, ValueError, KeyError, TypeError, AttributeError):
        raise SystemExit(DAMAGED) from None
    json.dump({"attached": found, "printed": _printed(data) if found else ""}, sys.stdout)


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
        is_other = (
            data[:1] == b"{" and b'"@context"' not in data
        )  # data of another kind, such as our record of what is printed
        if data and not is_other and len(data) <= strict.LONGEST:
            found.append(data.decode("utf-8", "replace"))
    return found


def _printed(data: bytes) -> str:
    """The words of the first pages; "" where they cannot be read, for instance in a scan."""
    import pypdfium2

    try:
        pages = list(pypdfium2.PdfDocument(data))[:MOST_PAGES]
        words = [page.get_textpage().get_text_range() for page in pages]
    except pypdfium2.PdfiumError:
        return ""
    return "\n".join(words).encode("utf-16", "surrogatepass").decode("utf-16", "replace")[:MOST_LETTERS]


if __name__ == "__main__":
    main()
