"""The pages of an office that signs: files go out and come back, papers are marked as signed, and people get what was signed."""

import io
import re
import zipfile
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from certificates import actions, rendering, sealing
from certificates.models import CopyKind, Credential, SignedCopy, WorkshopEntry, WorkshopList
from certificates.models.copies import private, violations
from certificates.office import packing, taking
from certificates.office.comparing import Way
from tests import cast

from . import authority
from .authority import sign_at_the_office
from .returned import bring, zipped

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("own_folder")]


SIGNING = "/quan-tri/giay/ky-so/"


def ticked(page: str) -> int:
    return len(re.findall(r'name="giay"[^>]* checked', page))


class TestGoingOut:
    def test_the_zip_holds_each_unsigned_file_by_its_number(self, credential):
        data = b"".join(packing.packed([credential]))
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            assert packed.namelist() == [f"0001-gcn-mau-nguyen-thi-ngoc-huyen-{credential.code}.pdf"]
            assert packed.testzip() is None
            assert packed.read(packed.namelist()[0]) == rendering.pdf(credential)

    def test_it_goes_out_file_by_file(self, credential):
        parts = packing.packed(iter([credential] * 3))
        assert len(next(parts)) < 2 * len(rendering.pdf(credential))

    def test_it_can_be_signed_and_brought_back(self, credential, officer):
        data = b"".join(packing.packed([credential]))
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            back = zipped(*((name, sign_at_the_office(packed.read(name))) for name in packed.namelist()))
        assert [one.way for one in bring(back, by=officer)] == [Way.APPENDED]

    def test_what_is_signed_or_revoked_waits_no_more(self, credential, officer, signed):
        assert list(taking.unsigned(Credential.objects.all())) == [credential]
        bring(signed, by=officer)
        assert list(taking.unsigned(Credential.objects.all())) == []
        SignedCopy.objects.update(kind=CopyKind.PAPER)
        actions.revoke(credential=credential, reason="Cấp nhầm", by=None, at=cast.NOW)
        assert list(taking.unsigned(Credential.objects.all())) == []


class TestPages:
    def test_an_organiser_takes_files_along_and_brings_them_back(self, credential, officer):
        client = cast.client_of(officer)
        assert "/quan-tri/giay/ky-so/" in client.get("/quan-tri/credential/").text
        page = client.get("/quan-tri/giay/ky-so/").text
        assert credential.number in page
        assert "Có 1 giấy chờ ký" in page
        out = client.get("/quan-tri/giay/ky-so/chua-ky.zip", {"giay": credential.pk})
        with zipfile.ZipFile(io.BytesIO(b"".join(out))) as packed:
            back = zipped(*((name, sign_at_the_office(packed.read(name))) for name in packed.namelist()))
        upload = SimpleUploadedFile(*back)
        said = client.post("/quan-tri/giay/ky-so/", {"signed": [upload]}).text
        for words in (
            "Đã nhận 1 tệp",
            credential.number,
            "Nguyễn Văn Chánh",
            "tệp giữ nguyên",
            "Không có giấy nào",
        ):
            assert words in said
        assert "tên trong chữ ký: Nguyễn Văn Chánh" in client.get(f"/quan-tri/credential/inspect/{credential.pk}/").text

    def test_what_is_refused_is_said_and_why(self, credential, officer):
        upload = SimpleUploadedFile("thu.pdf", rendering.pdf(credential))
        said = cast.client_of(officer).post("/quan-tri/giay/ky-so/", {"signed": [upload]}).text
        for words in ("Chưa nhận 1 tệp", "thu.pdf", "chưa có chữ ký số"):
            assert words in said

    def test_nothing_chosen_is_said(self, officer):
        assert "Chưa chọn tệp nào" in cast.client_of(officer).post("/quan-tri/giay/ky-so/").text

    def test_what_was_signed_is_brought_back_above_the_list_however_long_it_is(self, credential, officer):
        page = cast.client_of(officer).get(SIGNING).text
        assert page.index('type="file"') < page.index('<table class="listing"')

    def test_nothing_is_ticked_until_a_link_ticks_all_of_it_without_a_script(self, credential, officer):
        client = cast.client_of(officer)
        page = client.get(SIGNING, {"year": "2026"}).text
        assert ticked(page) == 0
        assert "Bỏ chọn tất cả" not in page
        link = re.search(r'href="(\?[^"]*chon=het)#', page)[1].replace("&amp;", "&")
        assert "year=2026" in link
        all_ticked = client.get(f"{SIGNING}{link}").text
        assert ticked(all_ticked) == 1
        assert 'href="?year=2026#giay-cho-ky"' in all_ticked

    def test_all_go_out_without_a_tick_and_of_boxes_that_are_all_empty_none_does(self, credential, officer):
        client = cast.client_of(officer)
        assert f'href="{SIGNING}chua-ky.zip?year=2026"' in client.get(SIGNING, {"year": "2026"}).text
        assert client.get(f"{SIGNING}chua-ky.zip", {"year": "2026"})["Content-Type"] == "application/zip"
        answer = client.get(f"{SIGNING}chua-ky.zip", {"chon": "1", "year": "2026"}, follow=True)
        assert answer.redirect_chain == [(f"{SIGNING}?year=2026", 302)]
        assert "Chưa chọn giấy nào" in answer.text

    @pytest.fixture
    def three(self, credential, monkeypatch):
        """The codes of three certificates, the oldest first, of which two go into one file."""
        monkeypatch.setattr("certificates.office.pages.MOST", 2)
        for number in (2, 3):
            enrolment = cast.enrolment(cast.trainee("Lê Văn Bé", f"091234567{number}").person, credential.award.course)
            cast.finish(enrolment)
            actions.issue(enrolment_id=enrolment.pk, at=cast.NOW + timedelta(minutes=number))
        return list(Credential.objects.order_by("pk").values_list("code", flat=True))

    def drawn(self, client, link: str) -> list[str]:
        with zipfile.ZipFile(io.BytesIO(b"".join(client.get(link).streaming_content))) as archive:
            return [name[-12:-4] for name in archive.namelist()]

    def links(self, page: str) -> tuple[str, list[str]]:
        """To the file of what is shown, and to the parts beside it."""
        told = [one.replace("&amp;", "&") for one in re.findall(r'href="([^"]*\?year=2026[^"#]*)"', page)]
        return told[0], told[1:]

    def test_what_is_too_much_for_one_file_goes_out_in_parts(self, three, officer):
        """Files are drawn while they go out, so that no request draws more than it has time for."""
        client = cast.client_of(officer)
        page = client.get(SIGNING, {"year": "2026"}).text
        assert "Danh sách dài hơn một tệp ZIP" in page
        assert "Tải 2 giấy đang hiện (ZIP)" in page
        archive, (following,) = self.links(page)
        assert self.drawn(client, archive) == three[:2]
        page = client.get(f"{SIGNING}{following}").text
        assert "Tải 1 giấy đang hiện (ZIP)" in page
        archive, (beginning,) = self.links(page)
        assert self.drawn(client, archive) == three[2:]
        assert three[0] not in page
        assert f'value="{Credential.objects.get(code=three[0]).pk}"' in client.get(f"{SIGNING}{beginning}").text

    def test_whoever_signs_between_two_parts_passes_none_over(self, three, officer):
        client = cast.client_of(officer)
        _archive, (following,) = self.links(client.get(SIGNING, {"year": "2026"}).text)
        first = Credential.objects.get(code=three[0])
        bring(sign_at_the_office(rendering.pdf(first)), by=officer)
        page = client.get(f"{SIGNING}{following}").text
        assert self.drawn(client, self.links(page)[0]) == three[2:]

    def test_behind_the_last_part_the_list_begins_again(self, three, officer):
        client = cast.client_of(officer)
        last = Credential.objects.get(code=three[-1])
        assert f"sau={last.pk}" not in client.get(SIGNING).text
        for odd in (last.pk, "x", "9" * 30):
            assert [one.code for one in client.get(SIGNING, {"sau": odd}).context["part"].shown] == three[:2]
        assert client.get(f"{SIGNING}chua-ky.zip", {"sau": last.pk}).status_code == 302

    def test_what_is_ticked_in_a_later_part_goes_out(self, three, officer):
        last = Credential.objects.get(code=three[-1])
        assert self.drawn(cast.client_of(officer), f"{SIGNING}chua-ky.zip?chon=1&giay={last.pk}&sau={last.pk}") == [
            three[-1]
        ]

    def test_each_value_of_the_list_knows_the_name_of_its_column(self, credential, officer):
        """On a phone there is no head above it."""
        page = cast.client_of(officer).get(SIGNING).text
        assert re.findall(r"<t[dh](?: data-label=\"([^\"]+)\")?>", page[page.index("as-cards") :]) == [
            *[""] * 5, "Chọn", "Số", "Cấp cho", "Đã hoàn thành", "Ngày cấp",
        ]  # fmt: skip

    def test_the_list_is_narrowed_to_an_issued_list_and_to_a_cohort_where_there_is_one(self, credential, officer):
        client = cast.client_of(officer)
        assert {"list", "cohort"}.isdisjoint(client.get(SIGNING).context["narrow"].fields)
        enrolment = credential.enrolment
        made = WorkshopList.objects.create(
            token="t", award=credential.award, began_on="2026-11-10", ended_on="2026-11-10", decision="12/QĐ",
            reason="Lớp ở xã", issued_by=officer, issued_at=cast.NOW,
        )  # fmt: skip
        other = WorkshopList.objects.create(
            token="o", award=credential.award, began_on="2026-11-10", ended_on="2026-11-10", decision="12/QĐ",
            reason="Lớp của người khác", issued_by=cast.staff("organiser", cast.province(), "0987654322"), issued_at=cast.NOW,
        )  # fmt: skip
        for one in (made, other):
            WorkshopEntry.objects.create(list=one, enrolment=enrolment, position=1)
        enrolment.cohort = cohort = cast.cohort(enrolment.course, officer)
        enrolment.save()
        page = client.get(SIGNING, {"list": made.pk, "cohort": cohort.pk})
        assert "Lớp ở xã" in page.text
        assert "Lớp của người khác" not in page.text
        assert page.context["part"].shown == [credential]
        WorkshopEntry.objects.filter(list=made).delete()
        assert client.get(SIGNING, {"list": made.pk}).context["part"].shown == []
        assert client.get(SIGNING, {"list": other.pk}).context["part"].shown == []

    @pytest.mark.parametrize(("asked", "is_there"), [
        ({}, True), ({"year": "2026", "first": "1", "last": "9"}, True), ({"first": "2"}, False), ({"year": "x"}, False),
    ])  # fmt: skip
    def test_the_list_is_narrowed(self, credential, officer, asked, is_there):
        page = cast.client_of(officer).get("/quan-tri/giay/ky-so/", asked).text
        assert (f"giay-{credential.pk}" in page) == is_there

    def test_an_officer_of_another_province_finds_and_takes_nothing(self, credential, signed):
        other = cast.client_of(cast.staff("organiser", cast.province("Lào Cai")))
        assert credential.number not in other.get("/quan-tri/giay/ky-so/").text
        assert other.get("/quan-tri/giay/ky-so/chua-ky.zip", {"giay": credential.pk}).status_code == 302
        upload = SimpleUploadedFile("a.pdf", signed)
        assert "phần anh/chị phụ trách" in other.post("/quan-tri/giay/ky-so/", {"signed": [upload]}).text
        assert other.get(f"/quan-tri/giay/{credential.pk}/ky-tren-giay/").status_code == 404
        assert not SignedCopy.objects.exists()


class TestOnPaper:
    def picture(self, kind: str = "JPEG", **fields) -> bytes:
        kept = io.BytesIO()
        Image.new("RGB", (300, 200), "red").save(kept, kind, **fields)
        return kept.getvalue()

    def mark(self, credential, officer, scan: bytes | None = None, day: str = "24/11/2026"):
        sent = {"signed_on": day} | ({"scan": SimpleUploadedFile("quet", scan)} if scan is not None else {})
        return cast.client_of(officer).post(f"/quan-tri/giay/{credential.pk}/ky-tren-giay/", sent)

    def test_whoever_checks_the_paper_reads_that_it_was_signed(self, client, credential, officer):
        assert "đóng dấu" not in client.get(f"/c/{credential.code}").text
        assert self.mark(credential, officer).status_code == 302
        assert "Bản giấy đã ký, đóng dấu ngày 24/11/2026" in client.get(f"/c/{credential.code}").text
        inspected = cast.client_of(officer).get(f"/quan-tri/credential/inspect/{credential.pk}/").text
        assert "Bản giấy đã ký, đóng dấu ngày 24/11/2026" in inspected

    def test_the_file_that_is_given_out_stays_the_same(self, credential, officer):
        self.mark(credential, officer)
        assert rendering.delivered(credential) == rendering.pdf(credential)

    @pytest.mark.parametrize("scan", ["JPEG", "PNG", "PDF"])
    def test_a_scan_is_drawn_anew_and_for_officers_of_the_place_alone(self, credential, officer, scan):
        exif = Image.Exif()
        exif[0x010E] = "SECRET"
        data = self.picture(scan, **({} if scan == "PDF" else {"exif": exif})) + b"SECRET <script>"
        assert self.mark(credential, officer, data).status_code == 302
        address = f"/quan-tri/giay/{credential.pk}/ban-quet/"
        shown = cast.client_of(officer).get(address)
        assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
        assert b"SECRET" not in shown.content
        assert Image.open(io.BytesIO(shown.content)).format == "JPEG"
        other = cast.client_of(cast.staff("organiser", cast.province("Lào Cai"), "0987654399"))
        assert other.get(address).status_code == 404
        assert cast.client_of(credential.person.user).get(address).status_code == 403

    def test_a_day_that_is_mended_leaves_the_scan_as_it_is(
        self, credential, officer, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            self.mark(credential, officer, self.picture())
            before = SignedCopy.objects.get()
            self.mark(credential, officer, day="23/11/2026")
        after = SignedCopy.objects.get()
        assert (after.file, after.sha256, after.content()) == (before.file, before.sha256, before.content())
        assert before.signed_at - after.signed_at == timedelta(days=1)
        with django_capture_on_commit_callbacks(execute=True):
            self.mark(credential, officer, self.picture("PNG"))
        assert private().listdir("paper")[1] == [SignedCopy.objects.get().file.removeprefix("paper/")]
        assert violations() == []

    def test_a_scan_that_is_lost_is_not_found(self, credential, officer):
        self.mark(credential, officer, self.picture())
        private().delete(SignedCopy.objects.get().file)
        assert cast.client_of(officer).get(f"/quan-tri/giay/{credential.pk}/ban-quet/").status_code == 404

    @pytest.mark.parametrize("scan", [b"GIF89a", b"<svg/>", b"%PDF-1.7 none", b"\xff\xd8\xff"])
    def test_what_is_no_scan_is_refused(self, credential, officer, scan):
        assert "Không đọc được bản quét này" in self.mark(credential, officer, scan).text
        assert not SignedCopy.objects.exists()

    def test_a_picture_of_too_many_dots_is_refused_before_it_is_opened(self, credential, officer, monkeypatch):
        monkeypatch.setattr("certificates.office.forms.MOST_DOTS", 100)
        assert "Không đọc được bản quét này" in self.mark(credential, officer, self.picture()).text

    def test_a_day_to_come_is_refused(self, credential, officer):
        assert "Ngày này chưa tới" in self.mark(credential, officer, day="01/01/2990").text

    def test_a_day_before_it_was_issued_is_refused(self, credential, officer):
        answer = self.mark(credential, officer, day="22/11/2026")
        assert "Giấy này cấp ngày 23/11/2026, nên không thể ký trước ngày ấy" in answer.text
        assert not SignedCopy.objects.exists()

    def test_a_certificate_that_holds_no_more_is_not_marked(self, credential, officer):
        actions.revoke(credential=credential, reason="Cấp nhầm", by=None, at=cast.NOW)
        assert self.mark(credential, officer).status_code == 302
        assert not SignedCopy.objects.exists()


class TestDelivering:
    @pytest.fixture
    def key(self, settings, tmp_path):
        path = tmp_path / "seal.p12"
        path.write_bytes(authority.Authority().pkcs12(authority.ec_key()))
        settings.SEAL = settings.SEAL | {"file": str(path), "password": authority.PASSWORD}
        return path

    def test_it_is_sealed_once_and_the_same_for_everybody(self, credential, key):
        first = rendering.delivered(credential)
        assert sealing.check(first).holds
        assert rendering.delivered(credential) == first

    def test_the_office_s_own_signature_goes_before_the_seal(self, credential, officer, key, signed):
        rendering.delivered(credential)
        bring(signed, by=officer)
        assert rendering.delivered(credential) == signed

    def test_a_key_that_cannot_be_used_costs_no_certificate(self, credential, officer, key, caplog):
        key.write_bytes(b"broken")
        assert rendering.delivered(credential) == rendering.pdf(credential)
        assert "without a whole seal" in caplog.text
        said = cast.client_of(officer).get(f"/quan-tri/credential/inspect/{credential.pk}/").text
        assert "chưa có con dấu số" in said

    def test_a_file_without_a_stamp_is_not_kept_so_that_a_later_one_has_it(
        self, credential, key, settings, monkeypatch
    ):
        settings.SEAL = settings.SEAL | {"timestamp": "http://127.0.0.1:9/"}
        assert sealing.check(rendering.delivered(credential)).seals[0].stamped_at is None
        cache.delete(sealing.signing.RESTING)
        stamper = authority.Authority().stamper()
        monkeypatch.setattr("pyhanko.sign.timestamps.HTTPTimeStamper", lambda url, timeout: stamper)
        assert sealing.check(rendering.delivered(credential)).seals[0].stamped_at
