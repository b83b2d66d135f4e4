"""Sentences of the event log for the balance board and the wishes, their pages in the cockpit, and the gate they set."""

from django.utils.translation import gettext_lazy as _

from conference.desk import DeskPage, register_page
from conference.domain.events import register_verbs
from experts.domain import board  # noqa: F401  registers the gate before invitations

register_verbs(
    {
        "board.signed": _("The balance board was signed (state no. %(number)s)"),
        "board.refused": _("A member of the committee refused to sign the balance board (state no. %(number)s)"),
        "wish.added": _("A wish of the citizens was noted: “%(text)s”"),
        "wish.changed": _("A wish of the citizens was reworded: “%(text)s”"),
        "wish.removed": _("A wish of the citizens was taken back: “%(text)s”"),
        "wish.answered": _("The citizens’ wish “%(text)s” was answered"),
    }
)

register_page(DeskPage("balance", _("Balance board"), "board:board", 61))
register_page(DeskPage("wishes", _("Wishes of the citizens"), "board:wishes", 61))
