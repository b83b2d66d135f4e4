"""The template tag, the field that carries the margin, and the command line."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.template import Context, Template
from django.utils.translation import override

from conference.forms.plain import write_plainly
from conference.plain.__main__ import main


class SheetForm(forms.Form):
    language = forms.CharField()
    text = forms.CharField(widget=forms.Textarea(attrs={"rows": 5}))


CONFERENCE = SimpleNamespace(slug="eau", language="fr")


def render(tag: str, form: forms.Form) -> str:
    template = Template("{% load plain %}" + tag)
    with override("en"):
        return template.render(Context({"form": form, "conference": CONFERENCE}))


@pytest.mark.parametrize(
    ("tag", "url", "language"),
    [
        ("{% plain_language form.text %}", "/desk/eau/plain/", "fr"),
        ("{% plain_language form.text language='en' conference=conference %}", "/desk/eau/plain/", "en"),
        ("{% plain_language form.text url='/briefing/plain/' %}", "/briefing/plain/", "fr"),
        ("{% plain_language form.text language=form.language %}", "/desk/eau/plain/", "en"),
    ],
)
def test_the_tag(tag: str, url: str, language: str) -> None:
    html = render(tag, SheetForm(prefix="sheet", initial={"language": "en"}))
    assert f'data-field="id_sheet-text" data-name="sheet-text" data-url="{url}" data-language="{language}"' in html
    assert f'formaction="{url}?language={language}"' in html
    assert 'name="plain_field" value="sheet-text"' in html
    assert ('data-language-field="id_sheet-language"' in html) is ("form.language" in tag)


def test_a_field_carries_the_margin_and_keeps_its_attributes() -> None:
    form = SheetForm()
    write_plainly(form, "text", url="/briefing/plain/", language="en")
    html = str(form["text"])
    assert html.startswith('<textarea name="text" cols="40" rows="5" required id="id_text">')
    assert 'data-field="id_text" data-name="text" data-url="/briefing/plain/" data-language="en"' in html


def test_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text, terms = tmp_path / "text.md", tmp_path / "terms.txt"
    text.write_text("# Titre\n\nL’ANSES parle de l’argilite.\n", encoding="utf-8")
    assert main([str(text), "--language", "fr"]) == 0
    said = capsys.readouterr().out
    assert "line 3: acronym: ANSES:" in said
    assert "line 3: rare word: argilite:" in said
    assert "Kandel & Moles" in said
    terms.write_text("ANSES\nargilite\n", encoding="utf-8")
    assert main([str(text), "--glossary", str(terms)]) == 0
    assert "line 3" not in capsys.readouterr().out
