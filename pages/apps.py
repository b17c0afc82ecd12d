from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "pages"

    def ready(self) -> None:
        from django.db.models import CharField, SlugField
        from wagtail.admin.forms.models import register_form_field_override
        from wagtail.admin.widgets import SlugInput

        from lib.typed import TypedField

        from .forms import PlainSlugField

        register_form_field_override(SlugField, override={"form_class": PlainSlugField, "widget": SlugInput})
        register_form_field_override(CharField, override={"form_class": TypedField}, exact_class=True)
