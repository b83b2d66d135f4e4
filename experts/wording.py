"""Sentences of the event log for experts' acts, the cockpit's page on experts, and what fills the letters to them."""

from django.utils.translation import gettext_lazy as _

from conference.desk import DeskPage, register_page
from conference.domain.events import register_verbs
from experts.domain import letters

register_verbs(
    {
        "expert.added": _("Expert %(name)s was added"),
        "expert.changed": _("Expert %(name)s was changed: %(fields)s"),
        "expert.invited": _("Expert %(name)s was invited"),
        "expert.accepted": _("Expert %(name)s accepted"),
        "expert.declined": _("Expert %(name)s declined"),
        "expert.withdrawn": _("Expert %(name)s withdrew"),
        "expert.link_renewed": _("A new link was made for expert %(name)s"),
        "expert.declared": _("Expert %(name)s declared their position and interests"),
        "contribution.added": _("%(name)s speaks in “%(session)s” (%(minutes)s minutes)"),
        "contribution.changed": _("The part of %(name)s in “%(session)s” was changed (%(minutes)s minutes)"),
        "contribution.removed": _("%(name)s no longer speaks in “%(session)s”"),
        "item.added": _("“%(title)s” was put into the running order of “%(session)s”"),
        "item.changed": _("“%(title)s” was changed in the running order of “%(session)s”: %(fields)s"),
        "item.moved": _("“%(title)s” was moved within “%(session)s”"),
        "items.move_undone": _("A move in the running order was undone (%(items)s items)"),
        "item.removed": _("“%(title)s” was taken out of the running order of “%(session)s”"),
        "item.speakers": _("Who speaks in “%(title)s”: %(names)s"),
        "room.added": _("Room “%(name)s” was added"),
        "room.renamed": _("Room “%(before)s” is now called “%(name)s”"),
        "room.removed": _("Room “%(name)s” was removed"),
        "programme.laid": _("A programme was laid from template “%(template)s” (%(sessions)s sessions)"),
        "programme.shifted_by": _(
            "The programme was shifted by %(days)s days and %(minutes)s minutes (%(sessions)s sessions)"
        ),
        "programme.shifted": _("The programme was shifted by %(days)s days (%(sessions)s sessions)"),
        "briefing.created": _("Briefing “%(title)s” was begun"),
        "briefing.documents_changed": _("The documents of briefing “%(title)s” were changed"),
        "briefing.published": _("Briefing “%(title)s”, version %(number)s, was published"),
        "briefing.read": _("%(name)s has read version %(number)s of “%(title)s”"),
    }
)

register_page(DeskPage("programme", _("Programme"), "programme:programme", 51))
register_page(DeskPage("experts", _("Experts"), "experts_desk:experts", 60))

letters.register()
