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
        _find_media_without_diacritics()


def _find_media_without_diacritics() -> None:
    """Wagtail's own images and documents serve us as they are, and models of our own for one search field would cost every
    upgrade; so their title goes into the index once more, folded."""
    from wagtail.documents import get_document_model
    from wagtail.images import get_image_model
    from wagtail.search.index import AutocompleteField

    from lib import text

    for model in (get_image_model(), get_document_model()):
        model.folded_title = lambda medium: text.fold(medium.title)
        model.search_fields = [*model.search_fields, AutocompleteField("folded_title")]
