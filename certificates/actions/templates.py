"""What publishing a template keeps for ever."""

from django.db import transaction

from certificates.models import Template, TemplateVersion
from certificates.models.templates import fingerprint


@transaction.atomic
def freeze_template(*, template: Template) -> TemplateVersion:
    """The version that papers are issued with from now on; the one that there is, if nothing of what is printed changed."""
    Template.objects.select_for_update().get(pk=template.pk)  # two who publish at once number one after the other
    current, data = template.current, template.paper().as_data()
    if current and current.sha256 == fingerprint(data):
        return current
    return TemplateVersion.objects.create(
        template=template,
        number=current.number + 1 if current else 1,
        data=data,
        background=template.background,
        logo=template.logo,
        seal=template.seal,
    )
