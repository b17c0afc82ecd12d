from whitenoise.storage import CompressedManifestStaticFilesStorage


class LinkedScripts(CompressedManifestStaticFilesStorage):
    """A script finds another by its plain name; what is served bears the name of its content, here as everywhere."""

    support_js_module_import_aggregation = True
