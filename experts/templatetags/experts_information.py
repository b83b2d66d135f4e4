"""The information file on other rooms' pages: a citizen's own, and the public one."""

from typing import Any

from django import template

from conference.models import Conference
from experts.models import InformationFile
from experts.sheet_pages import readers_file

register = template.Library()


@register.inclusion_tag("experts/information/for_panel.html")
def panel_information(conference: Conference) -> dict[str, Any]:
    """What a citizen may read beforehand; nothing as long as no sheet is published."""
    return {"conference": conference, "file": readers_file(conference)}


@register.inclusion_tag("experts/information/public_summary.html")
def public_information(conference: Conference) -> dict[str, Any]:
    """The way to the file, once it is open to everybody."""
    is_open = InformationFile.objects.filter(conference=conference, published_at__isnull=False).exists()
    return {"conference": conference, "is_open": is_open}
