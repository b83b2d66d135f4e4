"""Sentences of the event log for the panel's acts."""

from django.utils.translation import gettext_lazy as _

from conference.desk import DeskPage, register_page
from conference.domain.events import register_verbs
from conference.enums import Capability

register_verbs(
    {
        "criteria.changed": _("The criteria and quotas were changed"),
        "criteria.imported": _("Criteria were imported: %(criteria)s criteria, %(values)s values"),
        "pool.imported": _(
            "File imported: %(added)s added, %(updated)s updated, %(unchanged)s unchanged, %(left_out)s left out"
        ),
        "volunteer.registered": _("%(reference)s registered"),
        "volunteer.confirmed": _("%(reference)s confirmed their address"),
        "volunteer.typed_paper": _("%(reference)s was typed in from a paper form"),
        "volunteer.typed_telephone": _("%(reference)s was typed in from a telephone call"),
        "pool.exported": _("The pool was exported: %(count)s people"),
        "volunteer.changed": _("%(reference)s was changed: %(fields)s"),
        "volunteer.to_review": _("%(reference)s waits for a decision"),
        "volunteer.admitted": _("%(reference)s was admitted to the pool"),
        "volunteer.excluded": _("%(reference)s was not admitted to the pool"),
        "volunteer.withdrawn": _("%(reference)s withdrew from the pool"),
        "volunteer.erased": _("The identity of %(reference)s was erased"),
        "draw.requested": _("Draw %(number)s was asked for"),
        "draw.prepared": _("Draw %(number)s was prepared"),
        "draw.committed": _("Draw %(number)s was announced: %(tickets)s tickets, fingerprint %(fingerprint)s"),
        "draw.withdrawn": _("The announcement of draw %(number)s was withdrawn"),
        "draw.done": _("Draw %(number)s: ticket %(ticket)s was drawn, %(panel)s seats"),
        "draw.alternates": _("Draw %(number)s: %(alternates)s alternates were named"),
        "draw.infeasible": _("Draw %(number)s found no panel that meets the quotas"),
        "draw.cancelled": _("Draw %(number)s was stopped"),
        "draw.failed": _("Draw %(number)s failed"),
        "draw.superseded": _("Draw %(number)s was set aside for a new one"),
        "invitation.created": _("%(reference)s was invited to seat %(seat)s"),
        "invitation.sent": _("The invitation of %(reference)s was sent"),
        "invitation.resent": _("A new invitation link was made for %(reference)s"),
        "invitation.link_asked": _("%(reference)s asked for the link once more"),
        "invitation.bounced": _("No e-mail arrives at the address of %(reference)s"),
        "invitation.opened": _("%(reference)s was on the page of the invitation"),
        "invitation.accepted": _("%(reference)s accepted seat %(seat)s"),
        "invitation.declined": _("%(reference)s declined seat %(seat)s"),
        "invitation.expired": _("%(reference)s did not answer in time; seat %(seat)s came free"),
        "invitation.withdrawn": _("%(reference)s gave up seat %(seat)s"),
        "invitation.revoked": _("The invitation of %(reference)s to seat %(seat)s was taken back"),
        "seat.replaced": _("Seat %(seat)s: alternate %(reference)s was called up"),
        "seat.left_before": _("Seat %(seat)s: %(reference)s had left the pool before the ticket was drawn"),
        "seat.no_alternate": _("Seat %(seat)s is free and no alternate is left"),
        "panel.complete": _("The panel is complete: %(seats)s citizens have accepted"),
        "letter.batch": _("Letters printed: %(count)s"),
        "letter.made": _("Letter %(letter)s was made for %(reference)s"),
        "letter.renewed": _("A new letter is made for %(reference)s: earlier ones are worthless"),
        "call.accepted": _("%(reference)s was called and said yes"),
        "call.declined": _("%(reference)s was called and said no"),
        "call.no_answer": _("%(reference)s was called: nobody answered"),
        "call.again": _("%(reference)s was called and wishes to be called again"),
        "call.wrong_number": _("%(reference)s was called: the number is wrong"),
        "needs.recorded": _("%(reference)s told us what they need"),
    }
)

for _page in (
    DeskPage("criteria", _("Criteria"), "panels_desk:criteria", 10),
    DeskPage("pool", _("Pool"), "panels_desk:pool", 20, Capability.VIEW_PEOPLE),
    DeskPage("draw", _("Draw"), "panels_desk:draw", 30),
    DeskPage("panel", _("Panel"), "panels_desk:panel", 40, Capability.VIEW_PEOPLE),
):
    register_page(_page)
