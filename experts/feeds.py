"""An expert's own calendar: what stands in it, and the token of its address."""

from conference.calendar import calendar_for, turns_of
from conference.domain.events import times
from conference.links import make_token, read_token
from conference.models import ProgrammeVersion
from conference.published import from_json
from experts.domain.experts import VERBS
from experts.domain.letters import sessions_of
from experts.enums import CONCERNED
from experts.models import Contribution, Expert
from experts.programme_news import key_of

SCOPE = "expert-calendar"


def feed_token(expert: Expert) -> str:
    """It opens nothing but the calendar, and dies with the expert's link, when that is renewed."""
    return make_token(SCOPE, expert.uuid, expert.link_version)


def expert_of_feed(token: str) -> Expert | None:
    read = read_token(SCOPE, token)
    if read is None:
        return None
    return Expert.objects.select_related("conference").filter(uuid=read.uuid, link_version=read.version).first()


def calendar_of(expert: Expert) -> bytes:
    """Their turns, and the sessions in which the programme gives them none yet. Of somebody who no longer takes part:
    the same, all cancelled, so that it disappears from their calendar."""
    conference = expert.conference
    versions = ProgrammeVersion.objects.filter(conference=conference).order_by("number")
    turns = turns_of(((version.number, from_json(version.content)) for version in versions), key_of(expert))
    timed = {turn.meeting.uid for turn in turns if not turn.is_cancelled}
    parts = Contribution.objects.filter(expert=expert).select_related("session__conference")
    sessions = [session for session in sessions_of(list(parts)) if str(session.uid) not in timed]
    gone = expert.state not in CONCERNED
    return calendar_for(conference, sessions, turns=turns, gone=gone, changes=times(expert, VERBS.values()))
