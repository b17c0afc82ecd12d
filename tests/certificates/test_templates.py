"""Papers are designed in the admin, and what was issued keeps the look it was issued with."""

import io
from copy import deepcopy

import pypdfium2
import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from wagtail.test.utils.form_data import nested_form_data, streamfield

from certificates import actions, rendering
from certificates.designing import LOOKS, standard
from certificates.models import Template, TemplateVersion
from tests import cast
from tests.conftest import made_for_a_file

pytestmark = [pytest.mark.django_db, pytest.mark.once]
ROOM = "/quan-tri/snippets/certificates/template"


@pytest.fixture
def admin():
    return cast.client_of(cast.staff("administrator"))


def as_form(template: Template, **changes) -> dict:
    parts = changes.pop("parts", None) or standard(template.look).parts
    fields = {
        "name": template.name, "look": template.look, "language": template.language, "accent": template.accent,
        "body": streamfield([(part["type"], {k: v for k, v in part["value"].items() if v is not False}) for part in parts]),
        "background": "", "logo": "", "seal": "",
    }  # fmt: skip
    return nested_form_data(fields | changes)


def issued(award, template: Template | None, name: str = "Nguyễn Thị Ngọc Huyền", phone: str = "0912345670"):
    award.template = template
    award.save()
    enrolment = cast.enrolment(cast.trainee(name, phone).person, award.course)
    cast.finish(enrolment)
    return actions.issue(enrolment_id=enrolment.pk, at=cast.NOW)


def seen(credential) -> bytes:
    return pypdfium2.PdfDocument(rendering.pdf(credential))[0].render(scale=1).to_pil().tobytes()


def words(content: bytes) -> str:
    return " ".join(pypdfium2.PdfDocument(io.BytesIO(content))[0].get_textpage().get_text_range().split())


@pytest.fixture
def award(made_award, db):
    return deepcopy(made_award)


made_award = made_for_a_file(lambda: cast.award(cast.course(lessons=1, title="Kể câu chuyện sản phẩm")))


@pytest.mark.parametrize("look", ["formal", "warm"])
def test_both_designs_are_templates_and_look_as_before(award, look):
    template = Template.objects.get(look=look)
    assert template.current.number == 1
    credential = issued(award, template)
    assert credential.template_version == template.current
    pinned = seen(credential)
    credential.template_version = None  # as it was before there were templates
    credential.design = look
    assert seen(credential) == pinned


def test_publishing_a_changed_template_makes_a_version_and_saving_a_draft_makes_none(admin, award):
    template = Template.objects.get(look="formal")
    edit = f"{ROOM}/edit/{template.pk}/"
    assert admin.post(edit, as_form(template, accent="blue")).status_code == 302
    assert template.current.number == 1
    assert admin.post(edit, as_form(template, accent="blue") | {"action-publish": "1"}).status_code == 302
    assert (template.current.number, template.current.data["accent"]) == (2, "blue")
    admin.post(edit, as_form(template, accent="blue", name="Tên khác") | {"action-publish": "1"})
    assert template.current.number == 2  # nothing that is printed changed


def test_what_was_issued_stays_as_it_was_and_what_comes_after_is_new(admin, award):
    template = Template.objects.get(look="formal")
    before = issued(award, template)
    looked = seen(before)
    admin.post(f"{ROOM}/edit/{template.pk}/", as_form(template, look="warm", accent="wine") | {"action-publish": "1"})
    after = issued(award, Template.objects.get(pk=template.pk), "Trần Văn Ba", "0912345671")
    before.refresh_from_db()
    assert seen(before) == looked
    assert (before.design, after.design) == ("formal", "warm")
    assert (before.template_version.number, after.template_version.number) == (1, 2)


def test_a_template_that_papers_were_issued_with_cannot_be_deleted_and_another_one_can(admin, award):
    template, unused = Template.objects.get(look="formal"), Template.objects.get(look="warm")
    issued(award, template)
    award.template = None
    award.save()
    with pytest.raises(ProtectedError):
        template.delete()
    assert admin.post(f"{ROOM}/delete/{template.pk}/").status_code < 500
    assert Template.objects.filter(pk=template.pk).exists()
    admin.post(f"{ROOM}/delete/{unused.pk}/")
    assert not Template.objects.filter(pk=unused.pk).exists()


def test_a_version_is_never_written_again():
    version = TemplateVersion.objects.first()
    version.data["accent"] = "wine"
    with pytest.raises(ValidationError):
        version.save()


@pytest.mark.parametrize("look", LOOKS)
def test_a_new_template_begins_as_a_ready_design_and_is_published_in_one_click(admin, look):
    form = admin.get(f"{ROOM}/add/?dang={look}")
    body = form.context["form"].instance.body
    assert [block.block_type for block in body] == [part["type"] for part in standard(look).parts]
    fresh = Template(look=look)
    assert admin.post(f"{ROOM}/add/", as_form(fresh) | {"action-publish": "1"}).status_code == 302
    made = Template.objects.latest("pk")
    assert made.current.data["parts"] == standard(look).as_data()["parts"]


@pytest.mark.parametrize("kind", ["heading", "name", "course", "check"])
def test_what_no_paper_may_lack_cannot_be_left_out(admin, kind, award):
    template, less = Template.objects.get(look="formal"), [p for p in standard("formal").parts if p["type"] != kind]
    edit = f"{ROOM}/edit/{template.pk}/"
    refused = admin.post(edit, as_form(template, parts=less) | {"action-publish": "1"})
    assert refused.status_code == 200
    assert template.current.number == 1
    # However a draft without it went live (a timed publication, a script): it is there.
    template.body = less
    template.save_revision().publish()
    credential = issued(award, Template.objects.get(pk=template.pk))
    said = words(rendering.pdf(credential)).casefold()
    for part in (
        "Nguyễn Thị Ngọc Huyền",
        "Kể câu chuyện",
        credential.number,
        "Không phải giấy chứng nhận sản phẩm OCOP",
    ):
        assert part.casefold() in said


def test_an_unknown_placeholder_is_refused_in_the_form_and_a_known_one_is_filled_in(admin, award):
    template = Template.objects.get(look="formal")
    line = {"type": "line", "value": {"text": "Giữ {so_giay}", "text_en": "", "style": "small"}}
    edit = f"{ROOM}/edit/{template.pk}/"
    refused = admin.post(edit, as_form(template, parts=[*standard("formal").parts, line]) | {"action-publish": "1"})
    assert "{so_giay} kh" in refused.text  # the rest stands in JSON, without diacritics
    assert template.current.number == 1
    line["value"]["text"] = "Giấy số {number} của {name}; {{x.__class__}} <b>"
    admin.post(edit, as_form(template, parts=[*standard("formal").parts, line]) | {"action-publish": "1"})
    said = words(rendering.pdf(issued(award, Template.objects.get(pk=template.pk))))
    assert "Giấy số 0001/GCN-MẪU của Nguyễn Thị Ngọc Huyền; {{x.__class__}} <b>" in said


@pytest.mark.parametrize("language", ["en", "both"])
def test_other_languages(award, language):
    template = Template.objects.get(look="warm")
    template.language = language
    template.save_revision().publish()
    credential = issued(award, Template.objects.get(pk=template.pk))
    said = words(rendering.pdf(credential))
    for expected in ("of completion", "Result", "Passed", "Not a certificate of an OCOP product", "2 hours of study"):
        assert expected in said
    assert ("hoàn thành khóa học" in said) == (language == "both")


def test_an_administrator_chooses_the_template_of_a_course(admin, award):
    warm = Template.objects.get(look="warm")
    fields = {
        "course": award.course_id,
        "issuer": award.issuer_id,
        "template": warm.pk,
        "course_kind": "x",
        "duration": "1",
    }
    assert admin.post(f"/quan-tri/award/edit/{award.pk}/", fields).status_code == 302
    award.refresh_from_db()
    assert (award.template, award.design) == (warm, "warm")


def test_the_audit_finds_a_version_that_was_changed_behind_the_scenes(award):
    from certificates import personal

    issued(award, Template.objects.get(look="formal"))
    assert personal.violations() == []
    version = TemplateVersion.objects.get(template__look="formal")
    TemplateVersion.objects.filter(pk=version.pk).update(data=version.data | {"accent": "wine"})
    assert any("version" in said for said in personal.violations())
