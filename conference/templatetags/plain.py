"""The plain-language margin beside a text field.

    {% load plain %}
    <form method="post">{% csrf_token %}
      {{ form.text|as_crispy_field }}
      {% plain_language form.text conference=conference %}
    </form>

- Put it inside the form, right below the field. The conference of the page is taken where ``conference`` is left out.
- ``language``: "fr" or "en", or the form's own field for it (``language=form.language``); else the conference's language.
- On an expert's page (by link): ``{% url "experts:plain" as plain_url %}{% plain_language form.text url=plain_url %}``.
- For a form that crispy draws in one piece, ``conference.forms.plain.write_plainly(form, "text", url=…, language=…)``
  hangs the same margin on the field instead; nothing is needed in the template.

It works without script: the button posts the form to a page in a new tab that shows the same. It never blocks a form.
"""

from typing import Any

from django import template
from django.forms.boundfield import BoundField
from django.urls import reverse

from conference.forms.plain import margin
from conference.models import Conference

register = template.Library()


@register.inclusion_tag("components/plain.html", takes_context=True)
def plain_language(
    context: template.Context,
    field: BoundField,
    language: str | BoundField = "",
    conference: Conference | None = None,
    url: str = "",
) -> dict[str, Any]:
    of: Conference = conference or context["conference"]
    address = url or reverse("plain:desk", args=[of.slug])
    if isinstance(language, BoundField):
        written_in = str(language.value() or of.language)
        return margin(
            field.id_for_label, field.html_name, url=address, language=written_in, language_field=language.id_for_label
        )
    return margin(field.id_for_label, field.html_name, url=address, language=language or of.language)
