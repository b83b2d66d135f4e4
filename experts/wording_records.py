"""Sentences of the event log on the record, the committee and the expert's own pages; the navigation of those pages."""

from django.utils.translation import gettext_lazy as _

from conference.desk import DeskPage, register_page
from conference.domain.events import register_verbs
from conference.enums import Capability
from experts.link_pages import LinkPage, register_link_page
from experts.own_pages import (
    availability_todo,
    declarations_todo,
    has_accepted,
    may_claim,
    papers_todo,
    reading_todo,
    travel_todo,
)

register_verbs(
    {
        "expert.approved_by": _("A member of the committee approves expert %(name)s"),
        "expert.objected_by": _("A member of the committee objects to expert %(name)s"),
        "expert.opinion_taken_back": _("A member of the committee took back what they said of expert %(name)s"),
        "expert.approved": _("Expert %(name)s is approved by the steering committee"),
        "expert.approval_lost": _("Expert %(name)s is no longer approved by the steering committee"),
        "expert.bypassed": _("Expert %(name)s was invited by way of exception. What stood against it: %(obstacles)s"),
        "expert.stances": _("The positions of %(name)s on key questions were noted (%(numbers)s)"),
        "expert.available": _("When %(name)s can come was noted"),
        "expert.photograph_set": _("A photograph of %(name)s was added"),
        "expert.photograph_removed": _("The photograph of %(name)s was removed"),
        "expert.paper_added": _("A document was added for %(name)s: %(title)s"),
        "expert.paper_opened": _("Who may read “%(title)s” of %(name)s was set: %(audience)s"),
        "expert.paper_removed": _("A document of %(name)s was removed: %(title)s"),
        "expert.code_used": _("%(name)s opened their confidential pages with a code"),
        "expert.expense_added": _("%(name)s added an expense"),
        "expert.expense_removed": _("%(name)s removed an expense"),
        "expert.claim_signed": _("%(name)s signed their account of fee and travel"),
        "expert.claim_unsigned": _("%(name)s took back the signature under their account of fee and travel"),
        "expert.claim_accepted": _("The account of fee and travel of %(name)s was accepted"),
        "expert.claim_queried": _("The account of fee and travel of %(name)s was sent back with a question"),
        "experts.scale_set": _("The scale of positions was named: %(steps)s"),
    }
)

register_page(DeskPage("claims", _("Experts’ fees and travel"), "experts_desk:claims", 64, Capability.MANAGE))

for _page in (
    LinkPage("answer", _("My answer"), "experts:briefing", 0, lambda expert: True),
    LinkPage("expected", _("What is expected of me"), "experts:expected", 10, todo=reading_todo),
    LinkPage("speaking", _("When I speak"), "experts:speaking", 20, todo=availability_todo),
    LinkPage("declarations", _("My declarations"), "experts:declare", 30, has_accepted, declarations_todo),
    LinkPage("papers", _("My documents"), "experts:papers", 50, has_accepted, papers_todo),
    LinkPage("travel", _("Travel and fee"), "experts:travel", 60, may_claim, travel_todo),
):
    register_link_page(_page)
