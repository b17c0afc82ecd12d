from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.menu import MenuItem


@hooks.register("insert_global_admin_css")
def own_colours() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin.css"))


@hooks.register("construct_main_menu", order=1000)
def no_foreign_help(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """Wagtail's help leads to English pages elsewhere; ours is in docs/how-to."""
    menu_items[:] = [item for item in menu_items if item.name != "help"]


@hooks.register("construct_homepage_summary_items", order=1000)
def no_counts_of_files(request: HttpRequest, summary_items: list[object]) -> None:
    """How many pages and pictures there are helps nobody to decide anything."""
    summary_items.clear()
