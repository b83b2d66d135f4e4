"""Strings are found in code and templates as Django looks them up, and what is missing is named."""

from pathlib import Path

import polib
import pytest
from django.template import Context, Template
from django.utils import translation
from django.utils.translation import trans_real

from conference.local.messages import (
    Message,
    catalogue,
    check,
    compile_all,
    python_messages,
    room_of,
    template_messages,
    update,
)

CODE = """
from django.utils.translation import gettext as _, ngettext, pgettext_lazy, npgettext as np, gettext_lazy as lazy
_("one")
lazy("two " "halves")
ngettext("%(n)s seat", "%(n)s seats", n)
pgettext_lazy("month", "May")
np("road", "fork", "forks", n)
translation.gettext_noop("later")
_(name)
"""


def test_calls_in_code() -> None:
    assert dict(python_messages(CODE)) == {
        Message("one"): None,
        Message("two halves"): None,
        Message("%(n)s seat"): "%(n)s seats",
        Message("May", "month"): None,
        Message("fork", "road"): "forks",
        Message("later"): None,
    }


TEMPLATE = """
{% load i18n %}{% translate "plain" %}{% translate 'May' context "month" as when %}{% trans "cut"|upper %}
{{ _("constant") }}{% include "x.html" with title=_("given") %}
{% blocktranslate trimmed with name=person.name %}
  Dear {{ name }},
  100% yours
{% endblocktranslate %}
{% blocktranslate count n=rows|length context "table" %}{{ n }} row{% plural %}{{ n }} rows{% endblocktranslate %}
{% comment %}{% translate "unseen" %}{% endcomment %}{# {% translate "unseen" %} #}
"""


def test_tags_in_templates() -> None:
    assert dict(template_messages(TEMPLATE)) == {
        Message("plain"): None,
        Message("May", "month"): None,
        Message("cut"): None,
        Message("constant"): None,
        Message("given"): None,
        Message("Dear %(name)s, 100%% yours"): None,
        Message("%(n)s row", "table"): "%(n)s rows",
    }


@pytest.mark.parametrize(
    ("path", "room"),
    [
        ("conference/views/home.py", "conference"),
        ("conference/mail/tasks.py", "mail"),
        ("panels/lottery/draw.py", "panels"),
        ("experts/models.py", "experts"),
        ("templates/base.html", "conference"),
        ("templates/account/login.html", "conference"),
        ("templates/local/mail.html", "conference"),
        ("templates/mail/invitation.txt", "mail"),
        ("templates/panels/pool.html", "panels"),
        ("templates/experts/list.html", "experts"),
    ],
)
def test_each_file_belongs_to_a_room(path: str, room: str) -> None:
    assert room_of(Path(path)) == room


@pytest.fixture
def house(tmp_path: Path) -> Path:
    for folder in ("conference", "panels", "experts", "templates/mail"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "templates/mail/hello.txt").write_text(
        '{% load i18n %}{% translate "Hello" %}{% blocktranslate %}100% of {{ name }}{% endblocktranslate %}'
    )
    return tmp_path


def test_missing_fuzzy_and_left_over_are_named(house: Path) -> None:
    assert update(house) == 2
    assert update(house) == 0
    assert check(house) == [
        "mail: missing: 'Hello' (templates/mail/hello.txt)",
        "mail: missing: '100%% of %(name)s' (templates/mail/hello.txt)",
    ]
    path = catalogue(house, "mail")
    book = polib.pofile(str(path))
    book[0].msgstr = "Bonjour"
    book[0].flags = ["fuzzy"]
    book[1].msgstr = "100 %% de %(nom)s"
    book.append(polib.POEntry(msgid="Gone", msgstr="Parti"))
    book.save(str(path))
    assert check(house) == [
        "mail: fuzzy: 'Hello' (templates/mail/hello.txt)",
        "mail: placeholders differ: '100%% of %(name)s' (templates/mail/hello.txt)",
        "mail: obsolete: 'Gone'",
    ]
    book[0].flags = []
    book[1].msgstr = "100 %% de %(name)s"
    book[2] = polib.POEntry(msgid="Hello", msgstr="Salut")
    book.save(str(path))
    assert check(house) == ["mail: written twice: 'Hello'"]
    del book[2]
    book.save(str(path))
    assert check(house) == []
    (house / "panels/wording.py").write_text('_("Hello")')
    update(house)
    other = polib.pofile(str(catalogue(house, "panels")))
    other[0].msgstr = "Salut"
    other.save()
    assert check(house) == ["panels: translated otherwise than in mail: 'Hello'"]


def test_a_compiled_catalogue_is_what_django_shows(house: Path, settings: object) -> None:
    update(house)
    path = catalogue(house, "mail")
    book = polib.pofile(str(path))
    book[0].msgstr, book[1].msgstr = "Bonjour", "Tout %(name)s à 100 %%"
    book.save(str(path))
    assert compile_all(house) == [path.with_suffix(".mo")]
    assert compile_all(house) == []
    source = (house / "templates/mail/hello.txt").read_text()
    settings.LOCALE_PATHS = [house / "locale" / "mail"]  # type: ignore[attr-defined]
    trans_real._translations.clear()  # type: ignore[attr-defined]
    try:
        with translation.override("fr"):
            assert Template(source).render(Context({"name": "Rennes"})) == "BonjourTout Rennes à 100 %"
    finally:
        trans_real._translations.clear()  # type: ignore[attr-defined]
