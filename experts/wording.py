"""Sentences of the event log for experts' acts."""

from django.utils.translation import gettext_lazy as _

from conference.desk import DeskPage, register_page
from conference.domain.events import register_verbs

register_verbs(
    {
        "expert.added": _("Expert %(name)s was added"),
        "expert.changed": _("Expert %(name)s was changed: %(fields)s"),
        "expert.invited": _("Expert %(name)s was invited"),
        "expert.accepted": _("Expert %(name)s accepted"),
        "expert.declined": _("Expert %(name)s declined"),
        "expert.withdrawn": _("Expert %(name)s withdrew"),
        "briefing.published": _("Briefing “%(title)s”, version %(number)s, was published"),
        "briefing.read": _("%(name)s has read version %(number)s of “%(title)s”"),
    }
)

register_page(DeskPage("experts", _("Experts"), "experts_desk:experts", 60))
