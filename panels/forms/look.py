"""The classes of our look on Django's own widgets."""

from django import forms


def dress(form: forms.BaseForm) -> None:
    """Give every visible widget its class; round buttons and ticks get theirs from the template."""
    for field in form.fields.values():
        widget = field.widget
        if isinstance(widget, (forms.RadioSelect, forms.HiddenInput)):
            continue
        if isinstance(widget, forms.CheckboxInput):
            name = "form-check-input"
        elif isinstance(widget, forms.Select):
            name = "form-select"
        else:
            name = "form-control"
        widget.attrs["class"] = f"{name} {widget.attrs.get('class', '')}".strip()
