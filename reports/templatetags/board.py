from django import template

register = template.Library()


@register.simple_tag
def share(part: int, whole: int) -> str:
    """A width of 0..100 with a point, whatever the reader's language."""
    return f"{100 * part / whole:.1f}" if whole else "0"
