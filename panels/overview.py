"""Where a panel stands, in one sentence, and the one next act: the same words on the overview and the panel's page."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from conference.models import Conference
from conference.words import moment
from panels.domain.seats import PanelState
from panels.enums import DrawState
from panels.models import Criterion, Draw, Volunteer

ACCEPTED, WAITING, FREE, NOT_YET = "accepted", "waiting", "free", "not-yet"  # the four meanings of the look
WORDS = {
    ACCEPTED: gettext_lazy("Complete"),
    WAITING: gettext_lazy("Under way"),
    FREE: gettext_lazy("A seat is free"),
    NOT_YET: gettext_lazy("Not yet"),
}


@dataclass(frozen=True)
class Act:
    """A next step: what its button says and where it leads."""

    label: str
    url: str


@dataclass(frozen=True)
class Overview:
    sentence: str
    meaning: str
    act: Act | None  # None: nothing to do but wait, or done

    @property
    def word(self) -> str:
        """What the colour means, for those who do not see it."""
        return str(WORDS[self.meaning])


def panel_sentence(conference: Conference, state: PanelState) -> str:
    """ "14 accepted, 2 waiting until Friday 4 December at 6 p.m., 1 declined and replaced." """
    if state.complete:
        return _("The panel is complete: all %(seats)s citizens have accepted.") % {"seats": len(state.seats)}
    parts = [ngettext("%(count)s accepted", "%(count)s accepted", state.accepted) % {"count": state.accepted}]
    if state.waiting and state.next_deadline:
        until = moment(conference, state.next_deadline)
        parts.append(
            ngettext("%(count)s waiting until %(until)s", "%(count)s waiting until %(until)s", state.waiting)
            % {"count": state.waiting, "until": until}
        )
    if state.declined:
        parts.append(_lost(state))
    if state.free:
        parts.append(ngettext("%(count)s seat free", "%(count)s seats free", state.free) % {"count": state.free})
    return ", ".join(parts) + "."


def _lost(state: PanelState) -> str:
    """Those who will not come: all replaced, or some of them."""
    values = {"count": state.declined, "replaced": state.replaced}
    if state.replaced == state.declined:
        return ngettext("%(count)s declined and replaced", "%(count)s declined and replaced", state.declined) % values
    if state.replaced == 0:
        return ngettext("%(count)s declined", "%(count)s declined", state.declined) % values
    return (
        ngettext(
            "%(count)s declined (%(replaced)s replaced)", "%(count)s declined (%(replaced)s replaced)", state.declined
        )
        % values
    )


def overview(conference: Conference, state: PanelState) -> Overview:
    """The sentence, its colour and the next act, from the first criterion to the complete panel."""
    if state.complete:
        return Overview(panel_sentence(conference, state), ACCEPTED, None)
    if state.invited:
        act = Act(_("Call up an alternate"), _url("panel", conference)) if state.free else None
        return Overview(panel_sentence(conference, state), FREE if state.free else WAITING, act)
    if state.draw:
        sentence = ngettext(
            "The panel is drawn: %(count)s seat. Nobody has been invited yet.",
            "The panel is drawn: %(count)s seats. Nobody has been invited yet.",
            len(state.seats),
        ) % {"count": len(state.seats)}
        return Overview(sentence, WAITING, Act(_("Send the invitations"), _url("panel", conference)))
    return _before_the_draw(conference)


def _before_the_draw(conference: Conference) -> Overview:
    under_way = _draw_under_way(conference)
    if under_way:
        return under_way
    if not Criterion.objects.filter(conference=conference).exists():
        sentence = _("The criteria by which the panel reflects the population are still to be defined.")
        return Overview(sentence, NOT_YET, Act(_("Define the criteria"), _url("criteria", conference)))
    pool = Volunteer.objects.filter(conference=conference).pool().count()
    sentence = ngettext("%(count)s volunteer in the pool.", "%(count)s volunteers in the pool.", pool) % {"count": pool}
    if pool < conference.seats:
        return Overview(sentence, NOT_YET, Act(_("Fill the pool"), _url("pool", conference)))
    return Overview(sentence, NOT_YET, Act(_("Prepare the draw"), _url("draw", conference)))


_UNDER_WAY = [DrawState.WAITING, DrawState.RUNNING, DrawState.PREPARED, DrawState.COMMITTED]


def _draw_under_way(conference: Conference) -> Overview | None:
    draw = Draw.objects.filter(conference=conference, state__in=_UNDER_WAY).only("number", "state", "reveal_at").first()
    if draw is None:
        return None
    if draw.state == DrawState.PREPARED:
        sentence = _("The draw is prepared. Nothing of it is public yet.")
        return Overview(sentence, WAITING, Act(_("Announce the draw"), _url("draw", conference)))
    if draw.state == DrawState.COMMITTED and draw.reveal_at:
        sentence = _("The draw is announced for %(when)s.") % {"when": moment(conference, draw.reveal_at)}
        due = draw.reveal_at <= timezone.now()
        label = _("Draw the ticket") if due else _("See the announcement")
        return Overview(sentence, WAITING, Act(label, _url("draw", conference)))
    return Overview(_("The draw is being prepared."), WAITING, Act(_("Watch the draw"), _url("draw", conference)))


def _url(page: str, conference: Conference) -> str:
    return reverse(f"panels_desk:{page}", args=[conference.slug])
