"""Files come back signed from the office: each is matched by what it shows and taken only if it is still the same."""

import io
import stat
import zipfile
from copy import deepcopy
from datetime import timedelta
from importlib import import_module

import pikepdf
import pypdfium2
import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.models import ModelLogEntry

from certificates import access, actions, rendering, sealing
from certificates.models import Credential, SignedCopy, SigningKey
from certificates.models.copies import private, violations
from certificates.office import bringing, comparing, taking
from certificates.office.comparing import Way
from lib.refusals import Refusal
from tests import cast

from . import authority
from .authority import sign_at_the_office
from .returned import bring, refusals, rewritten, zipped
from .test_what_files_hold import other_title, read_aloud_otherwise, with_a_script

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("own_folder")]


def with_another_look_on_paper(pdf):
    """A layer that covers the page where it is printed, and is not there on the screen."""
    state = pikepdf.Dictionary(Print=pikepdf.Dictionary(PrintState=pikepdf.Name.ON))
    layer = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name="x", Usage=state))
    layers = pikepdf.Array([layer])
    shown = pikepdf.Dictionary(Event=pikepdf.Name.Print, Category=pikepdf.Array([pikepdf.Name.Print]), OCGs=layers)
    told = pikepdf.Dictionary(OFF=layers, AS=pikepdf.Array([shown]))
    pdf.Root.OCProperties = pikepdf.Dictionary(OCGs=layers, D=told)
    pdf.pages[0].add_resource(layer, pikepdf.Name.Properties, pikepdf.Name.Layer)
    pdf.pages[0].contents_add(b"/OC /Layer BDC 1 1 1 rg 300 300 200 60 re f EMC")


class TestTaking:
    def test_a_signed_file_becomes_what_its_holder_gets(self, credential, officer, signed):
        (one,) = bring(signed, by=officer)
        assert (one.number, one.signers, one.way) == (credential.number, "Nguyễn Văn Chánh", Way.APPENDED)
        assert rendering.delivered(credential) == signed
        page = cast.client_of(credential.person.user).get(f"/c/{credential.code}/pdf/")
        assert page.content == signed
        assert sealing.check(page.content).holds

    def test_the_picture_shows_the_mark_of_whoever_signed(self, credential, officer, signed):
        before = rendering.picture(credential)
        bring(signed, by=officer)
        assert rendering.picture(credential) != before

    def test_it_is_matched_by_what_it_shows_and_not_by_its_name(self, credential, officer, signed):
        (one,) = bring(("9999-GCN-khac.pdf", signed), by=officer)
        assert one.number == credential.number

    def test_a_tool_that_writes_the_file_anew_is_told_as_such(self, credential, officer):
        (one,) = bring(sign_at_the_office(rewritten(rendering.pdf(credential))), by=officer)
        assert (one.refused, one.way) == ("", Way.REWRITTEN)

    def test_so_is_one_that_rounds_its_numbers(self, credential, officer):
        saved = io.BytesIO()
        pypdfium2.PdfDocument(rendering.pdf(credential)).save(saved)
        (one,) = bring(sign_at_the_office(saved.getvalue()), by=officer)
        assert one.way == Way.REWRITTEN

    def test_who_brought_it_and_who_signed_is_kept(self, credential, officer, signed):
        bring(signed, by=officer)
        copy = SignedCopy.objects.get()
        assert (copy.signers, copy.uploaded_by, copy.uploaded_at) == ("Nguyễn Văn Chánh", officer, cast.NOW)
        entry = ModelLogEntry.objects.get(action="certificates.copy_signed")
        assert (entry.user, entry.data["sha256"]) == (officer, copy.sha256)

    def test_what_was_taken_before_is_not_looked_at_again(self, credential, officer, signed, monkeypatch):
        bring(signed, by=officer)
        monkeypatch.setattr(taking, "compare", lambda *args: pytest.fail("compared once more"))
        (one,) = bring(signed, by=officer)
        assert (one.number, one.signers, one.way, one.refused) == (credential.number, "Nguyễn Văn Chánh", None, "")

    @pytest.mark.parametrize("fault", ["lost", "changed"])
    def test_a_file_that_was_lost_is_brought_back_by_the_same_one(self, credential, officer, signed, fault):
        bring(signed, by=officer)
        name = SignedCopy.objects.get().file
        private().delete(name)
        if fault == "changed":
            private().save(name, ContentFile(b"%PDF"))
        bring(signed, by=officer)
        assert rendering.delivered(credential) == signed
        assert violations() == []

    def test_what_is_too_much_for_one_answer_is_taken_when_it_is_brought_once_more(
        self, credential, officer, monkeypatch
    ):
        """No proxy waits for two hundred files."""
        enrolment = cast.enrolment(cast.trainee("Lê Văn Bé", "0912345672").person, credential.award.course)
        cast.finish(enrolment)
        other = actions.issue(enrolment_id=enrolment.pk, at=cast.NOW)
        both = zipped(*((f"{one.pk}.pdf", sign_at_the_office(rendering.pdf(one))) for one in (credential, other)))
        with monkeypatch.context() as hurry:
            hurry.setattr(taking, "PATIENCE", 0)
            first, rest = bring(both, by=officer)
        assert (first.number, rest.number) == (credential.number, "")
        assert "Chưa xem 1 tệp còn lại" in rest.refused
        assert [one.number for one in bring(both, by=officer)] == [credential.number, other.number]
        assert SignedCopy.objects.count() == 2

    def test_a_second_signed_file_takes_the_place_of_the_first(
        self, credential, officer, signed, django_capture_on_commit_callbacks
    ):
        bring(signed, by=officer)
        first = SignedCopy.objects.get().file
        with django_capture_on_commit_callbacks(execute=True):
            bring(sign_at_the_office(rendering.pdf(credential), "Trần Thị Phó"), by=officer)
        assert SignedCopy.objects.get().signers == "Trần Thị Phó"
        assert not private().exists(first)

    def test_the_same_file_twice_is_one(self, credential, officer, signed):
        bring(signed, signed, by=officer)
        assert rendering.delivered(credential) == signed
        assert SignedCopy.objects.count() == 1

    def test_a_file_brought_again_changes_nothing(self, credential, officer, signed):
        bring(signed, by=officer)
        first = SignedCopy.objects.values().get()
        bring(signed, by=officer)
        assert SignedCopy.objects.values().get() == first
        assert private().exists(first["file"])
        assert ModelLogEntry.objects.filter(action="certificates.copy_signed").count() == 1

    def test_two_signatures_are_both_named(self, credential, officer, signed):
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
        from pyhanko.sign import signers

        packed = authority.Authority().pkcs12(authority.ec_key(), name="Phó Chánh")
        signer = signers.SimpleSigner.load_pkcs12_data(packed, [], authority.PASSWORD.encode())
        meta = signers.PdfSignatureMetadata(field_name="Chuky2")
        twice = signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(signed)), meta, signer).getvalue()
        (one,) = bring(twice, by=officer)
        assert (one.refused, one.signers) == ("", "Nguyễn Văn Chánh · Phó Chánh")

    def test_a_certificate_that_is_revoked_delivers_nothing(self, credential, officer, signed):
        bring(signed, by=officer)
        actions.revoke(credential=credential, reason="Cấp nhầm", by=None, at=cast.NOW)
        credential.refresh_from_db()
        with pytest.raises(Refusal):
            rendering.delivered(credential)
        assert cast.client_of(credential.person.user).get(f"/c/{credential.code}/pdf/").status_code == 302


class TestRefusing:
    def test_an_unsigned_file(self, credential, officer):
        assert refusals(bring(rendering.pdf(credential), by=officer)) == ["Tệp chưa có chữ ký số nào."]

    def test_a_signed_file_that_was_changed(self, credential, officer, signed):
        at = signed.index(b"/Type /Sig") + 6
        changed = signed[:at] + b"/SiG" + signed[at + 4 :]
        assert refusals(bring(changed, by=officer))
        at = signed.index(b"endstream") - 30
        assert refusals(bring(signed[:at] + bytes([signed[at] ^ 1]) + signed[at + 1 :], by=officer))

    def test_a_signed_file_with_something_behind_it(self, credential, officer, signed):
        assert "thêm vào sau khi ký" in refusals(bring(signed + b"\n%%more\n", by=officer))[0]

    @pytest.mark.parametrize(("change", "said"), [
        (lambda one: one.evidence.update(name="Nguyễn Văn Khác"), "Chữ trên giấy khác"),
        (lambda one: setattr(one, "issued_at", cast.NOW.replace(year=2025)), "Dữ liệu đính kèm khác"),
        (lambda one: setattr(one, "design", "warm"), "khác bản đã tải về"),
    ])  # fmt: skip
    def test_another_paper_with_the_same_code(self, credential, officer, change, said):
        other = deepcopy(credential)
        change(other)
        assert said in refusals(bring(sign_at_the_office(rendering.pdf(other)), by=officer))[0]

    def test_a_further_revision_that_shows_something_else(self, credential, officer):
        """Every byte that went out is there, and the signature is good: yet the page is another."""
        from pyhanko.pdf_utils import generic
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

        original = rendering.pdf(credential)
        writer = IncrementalPdfFileWriter(io.BytesIO(original))
        page = writer.root["/Pages"]["/Kids"][0]
        more = generic.StreamObject(stream_data=page["/Contents"].data + b"\n0 0 1 rg 0 0 60 60 re f")
        page["/Contents"] = writer.add_object(more)
        writer.update_container(page)
        kept = io.BytesIO()
        writer.write(kept)
        forged = sign_at_the_office(kept.getvalue())
        assert forged.startswith(original)
        assert "Hình trên giấy khác" in refusals(bring(forged, by=officer))[0]

    @pytest.mark.parametrize("change", [with_a_script, read_aloud_otherwise, other_title])
    def test_what_was_changed_out_of_sight_before_it_was_signed(self, credential, officer, change):
        hidden = sign_at_the_office(rewritten(rendering.pdf(credential), change))
        assert "không nhìn thấy" in refusals(bring(hidden, by=officer))[0]

    def test_another_look_on_paper_than_on_the_screen(self, credential, officer, monkeypatch):
        """Also where nothing else would tell."""
        monkeypatch.setattr(comparing.alike, "hold_the_same", lambda *_files: True)
        printed = sign_at_the_office(rewritten(rendering.pdf(credential), with_another_look_on_paper))
        assert "Hình trên giấy" in refusals(bring(printed, by=officer))[0]

    def test_a_further_page(self, credential, officer):
        two = sign_at_the_office(rewritten(rendering.pdf(credential), lambda pdf: pdf.add_blank_page()))
        assert "Không thấy mã tra cứu" in refusals(bring(two, by=officer))[0]

    def test_a_file_of_somebody_else_s_place(self, credential, officer, signed):
        upload = [SimpleUploadedFile("a.pdf", signed)]
        outcomes = taking.take(upload, among=Credential.objects.none(), by=officer, at=cast.NOW)
        assert "phần anh/chị phụ trách" in refusals(outcomes)[0]

    def test_a_certificate_that_holds_no_more(self, credential, officer, signed):
        actions.revoke(credential=credential, reason="Cấp nhầm", by=None, at=cast.NOW)
        assert "không còn hiệu lực" in refusals(bring(signed, by=officer))[0]

    def test_nothing_is_half_stored(self, credential, officer, signed, monkeypatch):
        def fail(*arguments, **named):
            raise OSError("disk full")

        monkeypatch.setattr(SignedCopy.objects, "update_or_create", fail)
        with pytest.raises(OSError, match="disk full"):
            bring(signed, by=officer)
        assert private().listdir("signed")[1] == []

    def test_a_kept_file_that_was_changed_or_lost_is_named(self, credential, officer, signed):
        bring(signed, by=officer)
        assert violations() == []
        path = private().path(SignedCopy.objects.get().file)
        with open(path, "ab") as kept:
            kept.write(b"x")
        assert "another one" in violations()[0]
        private().delete(SignedCopy.objects.get().file)
        assert "missing" in violations()[0]
        assert sealing.check(rendering.delivered(credential)).seals == ()


class TestAKeyThatComesLater:
    """A file may be at the office while its issuer's first key is made, and with it the statement in the QR code."""

    @pytest.fixture
    def stated(self, credential, settings, tmp_path):
        settings.CERTIFICATE_KEYS = tmp_path / "keys"
        actions.make_key(issuer=credential.issuer, by=None, at=cast.NOW)
        assert actions.state_missing(at=cast.NOW) == 1
        credential.refresh_from_db()
        return credential

    def test_what_went_out_before_it_is_taken(self, stated, officer, signed):
        assert rendering.pdf(stated) not in signed
        (outcome,) = bring(signed, by=officer)
        assert (outcome.refused, outcome.way) == ("", Way.APPENDED)

    def test_what_went_out_after_it_is_taken(self, stated, officer):
        (outcome,) = bring(sign_at_the_office(rendering.pdf(stated)), by=officer)
        assert (outcome.refused, outcome.way) == ("", Way.APPENDED)

    def test_another_paper_is_refused_all_the_same(self, stated, officer):
        other = deepcopy(stated)
        other.evidence["duration"], other.statement, other.statement_kid = "90 giờ", "", ""
        assert refusals(bring(sign_at_the_office(rendering.pdf(other)), by=officer)) == [
            "Chữ trên giấy khác bản đã tải về."
        ]


class TestZips:
    def test_one_with_good_and_bad_files_takes_the_good(self, credential, officer, signed):
        outcomes = bring(zipped(("ký/a.pdf", signed), ("đọc.txt", b"xin")), by=officer)
        assert [bool(one.refused) for one in outcomes] == [False, True]
        assert rendering.delivered(credential) == signed

    @pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/cron.d/x", "..\\..\\x.pdf", "C:\\x.pdf"])
    def test_names_that_lead_outside(self, credential, officer, signed, name):
        assert refusals(bring(zipped((name, signed)), by=officer)) == [
            "Tên tệp không hợp lệ: trỏ tới chỗ nằm ngoài tệp ZIP."
        ]

    def test_a_short_cut(self, officer):
        kept = io.BytesIO()
        with zipfile.ZipFile(kept, "w") as packed:
            link = zipfile.ZipInfo("a.pdf")
            link.external_attr = (stat.S_IFLNK | 0o777) << 16
            packed.writestr(link, "/etc/passwd")
        assert refusals(bring(("a.zip", kept.getvalue()), by=officer)) == ["Không phải tệp mà là lối tắt."]

    def test_a_bomb(self, officer):
        bomb = zipped(("a.pdf", b"%PDF" + b"\0" * 50_000_000))
        assert len(bomb[1]) < 100_000
        assert refusals(bring(bomb, by=officer)) == ["Tệp lớn quá: nhiều nhất 5 MB."]

    def test_a_bomb_that_claims_to_be_small(self, officer):
        name, data = zipped(("a.pdf", b"%PDF" + b"\0" * 50_000_000))
        lying = data.replace((50_000_004).to_bytes(4, "little"), (100).to_bytes(4, "little"))
        assert lying != data
        assert refusals(bring((name, lying), by=officer))

    @pytest.mark.parametrize("kind", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
    def test_ways_of_packing_that_have_no_bound(self, officer, signed, kind):
        assert "cách lạ" in refusals(bring(zipped(("a.pdf", signed), kind=kind), by=officer))[0]

    def test_thousands_of_files_are_not_even_listed(self, officer, monkeypatch):
        many = zipped(*((f"{number:060}.pdf", b"") for number in range(4_000)), kind=zipfile.ZIP_STORED)
        monkeypatch.setattr(zipfile, "ZipFile", None)
        assert "chứa quá nhiều" in refusals(bring(many, by=officer))[0]

    def test_some_hundreds_are_too_many_at_once(self, officer):
        outcomes = bring(zipped(*((f"{number}.pdf", b"x") for number in range(bringing.MOST_FILES + 5))), by=officer)
        assert len(outcomes) == bringing.MOST_FILES + 1
        assert "Nhiều nhất" in refusals(outcomes)[-1]

    @pytest.mark.parametrize("data", [b"PK", b"PK\3\4" + b"x" * 100, b"PK\5\6" + b"\xff" * 18, b"<html>", b""])
    def test_what_is_no_zip(self, officer, data):
        assert len(refusals(bring(("a.zip", data), by=officer))) == 1

    def test_a_zip_in_a_zip(self, officer, signed):
        assert refusals(bring(zipped(zipped(("a.pdf", signed))), by=officer)) == ["Không phải tệp PDF."]

    @pytest.mark.parametrize(
        "data", [b"%PDF-1.7\n", b"%PDF-1.7\n" + b"[" * 100_000, b"%PDF-1.4\n1 0 obj<</Kids[1 0 R]>>endobj"]
    )
    def test_a_hostile_pdf(self, officer, data):
        assert len(refusals(bring(data, by=officer))) == 1


class TestAfterAKeyWasDisowned:
    @pytest.fixture
    def stated(self, credential):
        actions.make_key(issuer=credential.issuer, by=None, at=cast.NOW)
        actions.state_missing(at=cast.NOW)
        credential.refresh_from_db()
        return credential

    def disown(self, credential):
        """Its statement is by the next key."""
        actions.disown_key(key=SigningKey.objects.get(kid=credential.statement_kid), by=None, at=cast.NOW)
        actions.make_key(issuer=credential.issuer, by=None, at=cast.NOW)
        actions.state_missing(at=cast.NOW)
        credential.refresh_from_db()

    def test_its_holder_gets_the_paper_drawn_anew_until_the_office_signed_it_again(self, stated, officer):
        before = sign_at_the_office(rendering.pdf(stated))
        bring(before, by=officer)
        assert rendering.delivered(stated) == before
        self.disown(stated)
        assert rendering.delivered(stated) == rendering.pdf(stated)
        bring(again := sign_at_the_office(rendering.pdf(stated)), by=officer)
        assert rendering.delivered(stated) == again

    def test_the_office_is_asked_to_sign_it_again_once(self, stated, officer):
        bring(sign_at_the_office(rendering.pdf(stated)), by=officer)
        everything = Credential.objects.all()
        assert stated not in taking.unsigned(everything)
        assert "ký lại" not in cast.client_of(officer).get("/quan-tri/giay/ky-so/").text
        self.disown(stated)
        assert stated in taking.unsigned(everything)
        assert access.find(stated.code).file_signed_at is None
        assert "ký lại: khóa ký đã báo lộ" in cast.client_of(officer).get("/quan-tri/giay/ky-so/").text
        bring(sign_at_the_office(rendering.pdf(stated)), by=officer)
        assert stated not in taking.unsigned(everything)
        assert access.find(stated.code).file_signed_at

    def test_the_file_of_before_is_not_taken_again(self, stated, officer):
        before = sign_at_the_office(rendering.pdf(stated))
        self.disown(stated)
        assert refusals(bring(before, by=officer))

    def test_what_was_signed_without_a_statement_goes_on(self, credential, officer, signed):
        actions.make_key(issuer=credential.issuer, by=None, at=cast.NOW)
        actions.state_missing(at=cast.NOW)
        credential.refresh_from_db()
        bring(signed, by=officer)
        self.disown(credential)
        assert rendering.delivered(credential) == signed

    def test_what_a_retired_key_stated_goes_on(self, stated, officer):
        bring(before := sign_at_the_office(rendering.pdf(stated)), by=officer)
        actions.make_key(issuer=stated.issuer, by=None, at=cast.NOW)
        assert rendering.delivered(stated) == before
        assert stated not in taking.unsigned(Credential.objects.all())

    def test_what_was_brought_before_that_was_written_down_is_told_by_its_day(self, stated, officer):
        filling = import_module("certificates.migrations.0020_statements_of_copies")
        bring(sign_at_the_office(rendering.pdf(stated)), by=officer)
        SignedCopy.objects.update(statement_kid="")
        kid = stated.statement_kid
        filling.fill(apps, None)
        assert SignedCopy.objects.get().statement_kid == kid
        self.disown(stated)
        SigningKey.objects.filter(kid=stated.statement_kid).update(made_at=cast.NOW + timedelta(days=1))
        SignedCopy.objects.update(statement_kid="")
        filling.fill(apps, None)
        assert SignedCopy.objects.get().statement_kid == kid
        SignedCopy.objects.update(statement_kid="", uploaded_at=cast.NOW - timedelta(days=1))
        filling.fill(apps, None)
        assert SignedCopy.objects.get().statement_kid == ""
