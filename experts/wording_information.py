"""Sentences of the event log on the information file, and its page in the cockpit."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from conference.desk import DeskPage, register_page
from conference.domain.events import register_verbs
from conference.models import Conference
from conference.plain import glossaries
from experts.models import GlossaryEntry

register_verbs(
    {
        "information.opened": _("The information file was opened to everybody"),
        "information.closed": _("The information file was closed to the public"),
        "chapter.added": _("Chapter “%(title)s” was added to the information file"),
        "chapter.changed": _("Chapter “%(title)s” of the information file was changed"),
        "chapter.removed": _("Chapter “%(title)s” was removed from the information file"),
        "sheet.created": _("Sheet “%(title)s” was begun"),
        "sheet.author_changed": _("The author or position of sheet “%(title)s” was changed"),
        "sheet.offered": _("Sheet “%(title)s” was given to the lay reader and the committee"),
        "sheet.understood": _("A lay reader has understood sheet “%(title)s”"),
        "sheet.signed": _("A member of the committee signed sheet “%(title)s”"),
        "sheet.objected": _("A member of the committee objects to sheet “%(title)s”"),
        "sheet.published": _("Sheet “%(title)s”, version %(number)s, was published"),
        "sheet.published_anyway": _(
            "Sheet “%(title)s”, version %(number)s, was published without the committee’s signature"
        ),
        "sheet.paired": _("Sheets “%(one)s” and “%(other)s” were paired as opposites"),
        "sheet.unpaired": _("Sheet “%(title)s” is no longer paired with its opposite"),
        "sheet.link_renewed": _("A new link for lay readers was made for sheet “%(title)s”"),
        "sheet.moved": _("Sheet “%(title)s” was moved in its chapter"),
        "sheet.removed": _("Sheet “%(title)s” was removed before it was published"),
        "glossary.added": _("“%(term)s” was added to the glossary"),
        "glossary.changed": _("“%(term)s” was changed in the glossary"),
        "glossary.removed": _("“%(term)s” was removed from the glossary"),
        "briefing.reminded": _("Those who have not read version %(number)s of “%(title)s” were reminded (%(count)s)"),
    }
)

register_page(DeskPage("information", _("Information file"), "information:file", 62))


def glossary_of(conference: Conference) -> glossaries.Glossary:
    """For the plain-language margin: words that are explained are no longer hard, and a hard word is one click from here."""
    address = reverse("information:glossary", args=[conference.slug])
    new = reverse("information:entry_add", args=[conference.slug])
    terms = tuple(
        glossaries.Term(form, f"{address}#word-{entry.pk}")
        for entry in GlossaryEntry.objects.filter(conference=conference)
        for form in entry.spellings
    )
    return glossaries.Glossary(terms, lambda word: f"{new}?{urlencode({'term': word})}")


glossaries.register(glossary_of)
