"""The plain-language margin as part of a form's field, for forms that are drawn in one piece."""

from typing import Any

from django import forms
from django.forms.renderers import BaseRenderer
from django.template.loader import render_to_string
from django.utils.safestring import SafeString


class PlainTextarea(forms.Textarea):
    """A text area with the margin below it; without an address to ask it is a text area."""

    def __init__(self, attrs: dict[str, Any] | None = None, *, url: str = "", language: str = "fr") -> None:
        super().__init__(attrs)
        self.url, self.language = url, language

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        area = super().render(name, value, attrs, renderer)
        if not self.url:
            return area
        context = margin((attrs or {}).get("id", f"id_{name}"), name, url=self.url, language=self.language)
        return SafeString(area + render_to_string("components/plain.html", context))


def write_plainly(form: forms.BaseForm, name: str, *, url: str, language: str) -> None:
    """Hang the margin on a field of the form. ``url``: where the text is measured; ``language``: what it is written in."""
    attrs = form.fields[name].widget.attrs
    form.fields[name].widget = PlainTextarea(attrs, url=url, language=language)


def margin(field_id: str, name: str, *, url: str, language: str, language_field: str = "") -> dict[str, Any]:
    """What the component needs."""
    return {
        "field_id": field_id,
        "name": name,
        "url": url,
        "text_language": language,
        "language_field": language_field,
    }
