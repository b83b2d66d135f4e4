"""Sentences and pages of the roll call and the allowances."""

from django.utils.translation import gettext_lazy as _

from conference.desk import DeskPage, register_page
from conference.domain.events import register_verbs
from conference.enums import Capability

register_verbs(
    {
        "attendance.noted": _("Roll call of %(half_day)s: %(count)s marks were taken"),
        "attendance.closed": _("The roll call of %(half_day)s was closed"),
        "attendance.corrected": _("The roll call of %(half_day)s was corrected for %(reference)s"),
        "allowance.rates": _("The table of rates was changed: %(rate)s"),
        "allowance.claimed": _("%(reference)s claimed an expense"),
        "allowance.claim_typed": _("An expense was typed in for %(reference)s"),
        "allowance.claim_removed": _("An expense of %(reference)s was removed"),
        "allowance.claim_refused": _("An expense of %(reference)s was refused"),
        "allowance.confirmed": _("Statement %(number)s of %(reference)s was confirmed: %(total)s €"),
        "allowance.reopened": _("Statement %(number)s of %(reference)s was taken back"),
        "allowance.exported": _("Payment file %(number)s was made: %(count)s statements, %(total)s €"),
        "allowance.paid": _("Payment file %(number)s was marked as paid"),
    }
)

for _page in (
    DeskPage("attendance", _("Roll call"), "attendance:index", 55, Capability.VIEW_PEOPLE),
    DeskPage("allowances", _("Allowances"), "attendance:allowances", 56, Capability.MANAGE),
):
    register_page(_page)
