"""A citizen's own calendar: what stands in it, and the token of its address."""

from conference.calendar import calendar_for
from conference.domain.events import times
from conference.links import make_token, read_token
from conference.models import Session
from panels.enums import InvitationState
from panels.models import Invitation

SCOPE = "citizen-calendar"
COMING_AND_GOING = ("invitation.accepted", "invitation.declined", "invitation.withdrawn", "invitation.revoked")


def feed_token(invitation: Invitation) -> str:
    """It opens nothing but the calendar, and dies with the invitation's link, when a new one is sent."""
    return make_token(SCOPE, invitation.uuid, invitation.version)


def invitation_of_feed(token: str) -> Invitation | None:
    read = read_token(SCOPE, token)
    if read is None:
        return None
    return Invitation.objects.select_related("conference").filter(uuid=read.uuid, version=read.version).first()


def calendar_of(invitation: Invitation) -> bytes:
    """The sessions; of somebody who does not sit on the panel all cancelled, so that they disappear."""
    sessions = Session.objects.filter(conference=invitation.conference)
    changes = times(invitation, COMING_AND_GOING)
    gone = invitation.state != InvitationState.ACCEPTED
    return calendar_for(invitation.conference, sessions, gone=gone, changes=changes)
