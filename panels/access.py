"""How a page gets hold of the panel's things: fetched and authorised in one step.

A citizen has no account. Their signed link puts the invitation in the session under a key of its own, so that it opens
this invitation's pages and nothing else, and so that an organiser who is signed in to the same browser stays signed in.
"""

import hashlib
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.core.cache import cache
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from conference.access import public_conference
from conference.links import read_token
from conference.models import Conference
from panels.domain.seats import current_draw
from panels.enums import DrawState, InvitationState
from panels.half_days import HalfDay, half_days, read_slug
from panels.models import AllowanceExport, AttendanceMark, Claim, Draw, Invitation, Rate, Seat, Statement
from panels.models.invitation import InvitationQuerySet

SCOPE = "invitation"
SESSION_KEY = "panels.invitation"
LOST_KEY = "panels.invitation_lost"  # whose dead link was opened last: all that "send me a new link" goes by
BY_LETTER = "panels.invitation_lost_letter"  # it was a letter's code: shorter than a link, so its page names nothing
OPEN_FOR = timedelta(hours=24)  # on a shared computer the page does not stay open for the next person


def _for_citizens() -> InvitationQuerySet:
    """With all that a citizen's page shows; people whose identity was erased have no page. The pool stays unread."""
    return Invitation.objects.select_related("conference", "seat", "volunteer__identity").filter(
        volunteer__identity__isnull=False
    )


def open_link(token: str) -> Invitation | None:
    """The invitation that a link opens: genuine, and of the version in force."""
    read = read_token(SCOPE, token)
    return _for_citizens().filter(uuid=read.uuid, version=read.version).first() if read else None


def remember(request: HttpRequest, invitation: Invitation) -> None:
    """Open this invitation's pages to this browser, under a new session key. The latest link wins, and says so."""
    before = request.session.get(SESSION_KEY, {}).get("uuid", str(invitation.uuid))
    request.session.cycle_key()
    for key in (LOST_KEY, BY_LETTER):
        request.session.pop(key, None)
    request.session[SESSION_KEY] = {
        "uuid": str(invitation.uuid),
        "version": invitation.version,
        "at": timezone.now().isoformat(),
        "instead": before != str(invitation.uuid),
    }


def remembered(request: HttpRequest) -> Invitation | None:
    """The invitation that this browser may see now. A link that was replaced closes what it had opened."""
    kept = request.session.get(SESSION_KEY)
    if not kept or datetime.fromisoformat(kept["at"]) < timezone.now() - OPEN_FOR:
        return None
    return _for_citizens().filter(uuid=kept["uuid"], version=kept["version"]).first()


def is_instead_of_another(request: HttpRequest) -> bool:
    """Whether the page of somebody else was open in this browser before."""
    return bool(request.session.get(SESSION_KEY, {}).get("instead"))


def forget(request: HttpRequest) -> None:
    for key in (SESSION_KEY, LOST_KEY, BY_LETTER):
        request.session.pop(key, None)


def remember_lost(request: HttpRequest, token: str) -> None:
    """Keep whose dead link this was. A forged or malformed one leaves nothing."""
    for key in (LOST_KEY, BY_LETTER):
        request.session.pop(key, None)
    read = read_token(SCOPE, token)
    if read:
        request.session[LOST_KEY] = str(read.uuid)


def remember_lost_letter(request: HttpRequest, invitation: Invitation | None) -> None:
    """The same for the code of a letter. One that no letter bears leaves as much behind: nobody can tell the two apart."""
    request.session[LOST_KEY] = str(invitation.uuid if invitation else uuid4())
    request.session[BY_LETTER] = True


def lost_invitation(request: HttpRequest) -> Invitation | None:
    """The invitation whose dead link, or whose page that has been closed since, this browser opened last."""
    kept = request.session.get(LOST_KEY) or request.session.get(SESSION_KEY, {}).get("uuid")
    return _for_citizens().filter(uuid=kept).first() if kept else None


def names_nothing(request: HttpRequest) -> bool:
    return bool(request.session.get(BY_LETTER))


def seat_of(conference: Conference, number: int) -> Seat:
    """A seat of the draw in force; of a conference that ``conference_for`` has authorised."""
    return get_object_or_404(
        Seat.objects.select_related("draw").defer("draw__problem"), draw=current_draw(conference), number=number
    )


def invitation_in(conference: Conference, uuid: UUID) -> Invitation:
    """An invitation of a conference that ``conference_for`` has authorised."""
    return get_object_or_404(Invitation.objects.select_related("seat", "volunteer"), conference=conference, uuid=uuid)


def half_day_of(conference: Conference, slug: str) -> HalfDay:
    """A half-day of a conference that ``conference_for`` has authorised."""
    read = read_slug(slug)
    found = half_days(conference, read[0]) if read else []
    half = next((half for half in found if half.slug == slug), None)
    if half is None:
        raise Http404
    return half


def seated(conference: Conference, uuid: UUID) -> Invitation:
    """Somebody who sits or sat on the panel; of a conference that ``conference_for`` has authorised."""
    found = get_object_or_404(_for_citizens_and_erased(), conference=conference, uuid=uuid)
    if found.state != InvitationState.ACCEPTED and not _was_there(found):
        raise Http404
    return found


def _was_there(invitation: Invitation) -> bool:
    marks = AttendanceMark.objects.filter(invitation=invitation)
    return marks.exists() or Statement.objects.filter(invitation=invitation).exists()


def _for_citizens_and_erased() -> InvitationQuerySet:
    return Invitation.objects.select_related("conference", "seat", "volunteer__identity")


def claim_of(conference: Conference, uuid: UUID) -> Claim:
    """An expense in a conference that ``conference_for`` has authorised."""
    claims = Claim.objects.select_related("invitation__volunteer", "conference")
    return get_object_or_404(claims, conference=conference, uuid=uuid)


def rate_of(conference: Conference, pk: int) -> Rate:
    """A rate that is in force, of a conference that ``conference_for`` has authorised."""
    return get_object_or_404(Rate.objects.in_force(), conference=conference, pk=pk)


def payment_file_of(conference: Conference, number: int) -> AllowanceExport:
    """A payment file of a conference that ``conference_for`` has authorised."""
    return get_object_or_404(AllowanceExport.objects.select_related("conference"), conference=conference, number=number)


def draw_of(conference: Conference, number: int) -> Draw:
    """A draw of a conference that ``conference_for`` has authorised."""
    found = get_object_or_404(
        Draw.objects.light().defer("outlook", "greedy", "explanation"), conference=conference, number=number
    )
    found.conference = conference
    return found


def published_draws(conference: Conference) -> QuerySet[Draw]:
    """The draws of a published conference that everybody may see, the latest first; the frozen pool stays unread.

    Beside those that were announced, those of versions that announced nothing.
    """
    public = Q(committed_at__isnull=False) | Q(state__in=[DrawState.DONE, DrawState.SUPERSEDED])
    return (
        Draw.objects.light().defer("secret", "outlook", "greedy", "explanation").filter(public, conference=conference)
    )


def published_draw(slug: str, number: int) -> tuple[Conference, Draw]:
    """One of them, with its conference."""
    conference = public_conference(slug)
    return conference, get_object_or_404(published_draws(conference), number=number, committed_at__isnull=False)


def digest(text: str) -> str:
    """A keyed hash, where what is counted must not be kept."""
    return hashlib.sha256(f"{settings.SECRET_KEY}:{text}".encode()).hexdigest()


def connection(request: HttpRequest) -> str:
    """Where a request comes from, as a hash: addresses are not kept. Behind our proxy its own last word counts."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.SECURE_PROXY_SSL_HEADER:
        address = request.headers.get("X-Forwarded-For", address).split(",")[-1].strip()
    return digest(address)


def is_over(name: str, key: object, *, times: int) -> bool:
    """Whether there were too many tries already; counts none."""
    return int(cache.get(f"limit:{name}:{key}") or 0) >= times


def within_limit(name: str, key: object, *, times: int, seconds: int) -> bool:
    """Count one more try; False once there were too many. Refused tries do not prolong the wait.

    Not exact under a race, which a courtesy limit can bear.
    """
    place = f"limit:{name}:{key}"
    tries = cache.get_or_set(place, 0, seconds) or 0
    if tries >= times:
        return False
    cache.set(place, tries + 1, seconds)
    return True
