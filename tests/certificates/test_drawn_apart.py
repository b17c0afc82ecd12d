"""Whatever stands on a paper, drawing it keeps nobody waiting for long, and takes the site along nowhere."""

from dataclasses import replace
from datetime import timedelta

import pytest

from certificates import actions, rendering
from certificates.designing import standard
from certificates.models import Credential, Template
from certificates.rendering import papers
from lib.refusals import Refusal
from tests import cast
from tests.forking import where_processes_fork

from .test_templates import ROOM, as_form

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.once,
    where_processes_fork,
]


@pytest.fixture
def endless(monkeypatch):
    """A page without an end, as far as the clock of these tests is concerned."""

    def forever(*_arguments):
        while True:
            pass

    papers.ready(standard("formal"))  # what is ours is drawn here, and is no page of anybody's
    monkeypatch.setattr(papers, "PATIENCE", 0.2)
    monkeypatch.setattr(rendering.Printer, "laid_out", forever)


@pytest.fixture
def credential():
    who, what = cast.trainee().person, cast.course()
    award = cast.award(what)
    enrolment = cast.enrolment(who, what)
    cast.finish(enrolment)
    return actions.issue(enrolment_id=enrolment.pk, at=cast.NOW + timedelta(days=2)) or Credential.objects.get(
        award=award
    )


def test_a_line_of_a_megabyte_is_refused_or_printed_and_the_site_stays_whole(credential):
    line = {"type": "line", "value": {"text": "Dài " * 260_000, "text_en": "", "style": "small"}}
    paper = replace(standard("formal"), parts=(*standard("formal").parts, line))

    begun = papers.begin(paper, papers.values(credential))
    begun.until = 0  # out of patience at once

    with pytest.raises(Refusal, match="Chưa vẽ được"):
        papers.result_of(begun)
    assert rendering.pdf(credential).startswith(b"%PDF")


def test_the_holder_is_told_instead_of_waiting(credential, endless, caplog):
    holder = cast.client_of(credential.person.user)

    answer = holder.get(f"/c/{credential.code}/pdf/", follow=True)

    assert "Chưa vẽ được giấy này" in answer.text
    assert "took too long" in caplog.text
    assert credential.evidence["name"] not in caplog.text


def test_the_preview_says_so(endless):
    admin, template = cast.client_of(cast.staff("administrator")), Template.objects.get(look="formal")
    address = f"{ROOM}/preview/{template.pk}/"
    admin.post(address, as_form(template))

    shown = admin.get(f"{address}?mode=usual")

    assert "Chưa vẽ được giấy này" in shown.text
    assert "<img" not in shown.text


def test_the_sample_and_saving_say_so(endless):
    admin, template = cast.client_of(cast.staff("administrator")), Template.objects.get(look="formal")

    sample = admin.get(f"/quan-tri/mau-giay/{template.pk}/in-thu/")
    saved = admin.post(f"{ROOM}/edit/{template.pk}/", as_form(template), follow=True)

    assert (sample.status_code, "Chưa vẽ được" in sample.text) == (422, True)
    assert "Chưa vẽ được giấy này" in saved.text


def test_a_fault_of_the_printer_is_told_without_its_words(credential, monkeypatch, caplog):
    def fail(*_arguments):
        raise ValueError(credential.evidence["name"])

    papers.ready(standard("formal"))
    monkeypatch.setattr(rendering.Printer, "laid_out", fail)

    with pytest.raises(Refusal):
        rendering.pdf(credential)
    assert "ValueError" in caplog.text
    assert credential.evidence["name"] not in caplog.text
