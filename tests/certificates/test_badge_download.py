"""The Open Badge in a picture: what a holder downloads is judged valid by our page and by the command, and by what the register says."""

import io
from copy import deepcopy
from xml.etree import ElementTree

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from PIL import Image

from certificates import actions, badging, keys, verifying
from certificates.designing import samples
from certificates.looking import Page
from certificates.models import Issuer
from certificates.proofs import baking
from certificates.proofs.findings import Finding
from certificates.rendering import badges, lettering
from tests import cast
from tests.conftest import made_for_a_file

from .test_baking import SVG, png

pytestmark = [pytest.mark.django_db, pytest.mark.once]
EACH_KIND = pytest.mark.parametrize("kind", ["png", "svg"])


def finished():
    course = cast.course(lessons=1, title="Kể câu chuyện sản phẩm")
    cast.award(course)
    enrolment = cast.enrolment(cast.trainee(name="Trần Thị Út").person, course)
    cast.finish(enrolment)
    return enrolment


made_enrolment = made_for_a_file(finished)


@pytest.fixture
def enrolment(made_enrolment, db, settings, tmp_path, monkeypatch):
    settings.CERTIFICATE_KEYS = tmp_path
    monkeypatch.setattr(timezone, "now", lambda: cast.NOW)
    return deepcopy(made_enrolment)


@pytest.fixture
def credential(enrolment):
    actions.make_key(issuer=Issuer.objects.get(), by=None, at=cast.NOW)
    return actions.issue(enrolment_id=enrolment.pk, at=cast.NOW)


def holder(credential):
    return cast.client_of(credential.person.user)


def asked(client, credential, kind):
    return client.get(f"/c/{credential.code}/huy-hieu.{kind}")


@EACH_KIND
def test_the_command_and_the_page_for_files_call_it_valid(credential, kind, tmp_path, capsys):
    answer = asked(holder(credential), credential, kind)
    assert answer["Content-Type"] == {"png": "image/png", "svg": "image/svg+xml"}[kind]
    assert answer["Content-Disposition"].startswith("attachment")
    verdict = verifying.judge(answer.content, now=cast.NOW)
    assert (verdict.finding, verdict.is_ours, verdict.registered) == (Finding.VALID, True, credential)
    file = tmp_path / f"huy-hieu.{kind}"
    file.write_bytes(answer.content)
    call_command("verify_credential", str(file))
    assert "valid" in capsys.readouterr().out.casefold()
    told = Client().post("/c/tep/", {"file": SimpleUploadedFile(file.name, answer.content)}).text
    assert "Tệp nguyên vẹn, giấy còn hiệu lực" in told
    assert "Trần Thị Út" in told


@EACH_KIND
def test_another_picture_around_the_same_credential_is_not_called_whole(credential, kind, tmp_path, capsys):
    """A whole certificate may be painted there, with somebody else's name."""
    token = badging.token(credential, *signing(credential))
    drawn = baking.into_png(png(), token) if kind == "png" else baking.into_svg(SVG, token).encode()
    genuine = asked(holder(credential), credential, kind).content
    assert verifying.judge(genuine, now=cast.NOW).page == Page.WHOLE  # the control
    verdict = verifying.judge(drawn, now=cast.NOW)
    assert (verdict.finding, verdict.page) == (Finding.VALID, Page.OPEN)
    told = Client().post("/c/tep/", {"file": SimpleUploadedFile(f"huy-hieu.{kind}", drawn)}).text
    assert "Tệp nguyên vẹn" not in told
    assert "ai cũng vẽ được hình khác quanh phần ký này" in told
    file = tmp_path / f"huy-hieu.{kind}"
    file.write_bytes(drawn)
    with pytest.raises(SystemExit, match=r"^2$"):
        call_command("verify_credential", str(file))
    assert "ai cũng vẽ được hình khác" in capsys.readouterr().out


def signing(credential):
    signer = keys.signer_of(credential)
    return signer.private, signer.kid


@EACH_KIND
def test_what_was_taken_out_of_it_does_not_count(credential, kind, tmp_path):
    """The control: the picture alone, as a messenger sends it on, is no credential."""
    picture = badges._drawing(credential).encode()
    if kind == "png":
        out = io.BytesIO()
        Image.open(io.BytesIO(asked(holder(credential), credential, "png").content)).save(out, "PNG")
        picture = out.getvalue()
    assert verifying.judge(picture, now=cast.NOW).finding == Finding.NO_CREDENTIAL


def test_it_is_a_clear_cornered_square_that_names_the_course_and_not_the_holder(credential):
    image = Image.open(io.BytesIO(asked(holder(credential), credential, "png").content))
    assert image.size == (badges.SIDE, badges.SIDE)
    assert image.getpixel((2, 2))[3] == 0
    assert image.getpixel((300, 590 - 20))[3] == 255
    drawing = badges._drawing(credential)
    root = ElementTree.fromstring(drawing)  # noqa: S314 (our own)
    assert root[0].text == f"Kể câu chuyện sản phẩm – {credential.evidence['issuer']}"
    assert "Út" not in drawing
    assert "<text" not in drawing
    assert "http" not in drawing.replace("http://www.w3.org/2000/svg", "")


@pytest.mark.parametrize("case", ["usual", "course"])
def test_the_longest_course_is_there_in_whole(case):
    course = samples.evidence(case)["course"]
    fitted = lettering.fitted(course, badges.COURSE_SIZES, wide=badges.COURSE_WIDE, tall=badges.COURSE_TALL)
    assert " ".join(fitted.lines) == course
    assert all(lettering.width(line, fitted.size) <= badges.COURSE_WIDE for line in fitted.lines)


@pytest.mark.parametrize("is_demo", [True, False])
def test_the_mark_of_a_specimen_is_drawn_in_the_demo(credential, settings, is_demo):
    credential.is_specimen, settings.DEMO = False, is_demo
    assert (badges.RED in badges._drawing(credential)) == is_demo


@EACH_KIND
def test_others_get_none(credential, kind):
    stranger = cast.client_of(cast.trainee("Lê Văn Khác", "0912345670"))
    assert asked(stranger, credential, kind).status_code == 404
    assert asked(Client(), credential, kind).status_code == 302
    assert asked(cast.client_of(cast.staff("organiser", cast.province())), credential, kind).status_code == 200


@EACH_KIND
def test_of_what_holds_no_more_there_is_none(credential, kind):
    actions.revoke(credential=credential, reason="Cấp nhầm", by=None, at=cast.NOW)
    answer = holder(credential).get(f"/c/{credential.code}/huy-hieu.{kind}", follow=True)
    assert answer.redirect_chain == [(f"/c/{credential.code}", 302)]
    assert "không tải về được nữa" in answer.text


@EACH_KIND
def test_without_a_key_of_the_issuer_none_is_offered_and_the_address_says_why(enrolment, kind):
    credential = actions.issue(enrolment_id=enrolment.pk, at=cast.NOW)
    assert "huy-hieu" not in holder(credential).get("/c/cua-toi/").text
    answer = holder(credential).get(f"/c/{credential.code}/huy-hieu.{kind}", follow=True)
    assert answer.redirect_chain == [(f"/c/{credential.code}", 302)]
    assert "Chưa có huy hiệu số, vì đơn vị cấp chưa có khóa ký điện tử" in answer.text


def test_with_one_it_is_offered_beside_what_it_is_for(credential):
    page = holder(credential).get("/c/cua-toi/").text
    assert f'href="/c/{credential.code}/huy-hieu.png"' in page
    assert "Huy hiệu số (Open Badge)" in page
    assert "Gửi qua Zalo thì gửi dạng tệp" in page


def test_the_paper_opens_in_the_browser_to_be_printed_when_that_is_asked_for(credential):
    opened = holder(credential).get(f"/c/{credential.code}/pdf/?in=1")
    assert opened["Content-Disposition"].startswith("inline; filename=")
    assert opened["Content-Type"] == "application/pdf"
    assert holder(credential).get(f"/c/{credential.code}/pdf/")["Content-Disposition"].startswith("attachment")
    assert holder(credential).get(f"/c/{credential.code}/anh/?in=1")["Content-Disposition"].startswith("attachment")
    assert asked(holder(credential), credential, "svg?in=1")["Content-Disposition"].startswith("attachment")
