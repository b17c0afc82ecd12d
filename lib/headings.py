"""What Wagtail's frame shows above a page of our own in the admin."""

from typing import Any


def heading(title: str, icon: str, *above: tuple[str, str]) -> dict[str, Any]:
    """Context for "wagtailadmin/generic/base.html". `icon` is one of Wagtail's names; `above`: address and label of each page on the
    way there, the outermost first."""
    way = [*above, ("", title)]
    return {
        "header_title": title,
        "header_icon": icon,
        "breadcrumbs_items": [{"url": address, "label": label} for address, label in way],
    }
