"""Each worker of the server prints in the right letters, whichever of them printed a kind of paper first."""

import re
from pathlib import Path

import pytest
from weasyprint import HTML

from certificates.rendering.printing import Printer
from lib import apart
from tests.forking import where_processes_fork

pytestmark = [pytest.mark.once, where_processes_fork]
WORDS = '<p lang="vi" style="font-family: Print Times, Print Khmer">Độc lập - Tự do - Hạnh phúc</p>'


@pytest.fixture
def printer():
    """As it is when the workers are forked: with the letters of certificates and with nothing else."""
    made = Printer()
    made.sheet("fonts.css")
    return made


def letters_of_a_worker(printer) -> set[str]:
    """The fonts in what a process prints that was forked now."""

    def work() -> set[str]:
        sheets = [printer.sheet("fonts.css"), printer.sheet("fonts-times.css")]
        html = HTML(string=WORDS, base_url="print:", url_fetcher=printer.fetcher)
        data = html.write_pdf(stylesheets=sheets, font_config=printer.fonts, uncompressed_pdf=True)
        return set(re.findall(r"/BaseFont /[A-Z]{6}\+([\w-]+)", data.decode("latin1")))

    return apart.run(work)


def test_the_second_worker_prints_in_the_letters_of_the_first(printer):
    first, second = letters_of_a_worker(printer), letters_of_a_worker(printer)
    assert first == second
    assert len(first) == 1
    assert "Times" in first.pop()


def test_a_worker_that_ends_takes_no_letters_along(printer):
    def ends() -> None:
        printer.sheet("fonts-times.css")
        printer.fonts.__del__()

    apart.run(ends)
    folder = Path(printer.fonts._folder)
    assert len(list(folder.iterdir())) == 5
