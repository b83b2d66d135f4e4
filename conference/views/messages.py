"""The outbox: what goes out when, what went out, and what an organiser may do about one message."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages as flash
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from conference.access import conference_for, message_for, signed_in
from conference.desk import render_desk
from conference.domain import messages as domain
from conference.enums import Capability
from conference.forms.messages import COMING, MessageFilter, MoveForm
from conference.mail.domain.delivery import prepare
from conference.mail.domain.health import health
from conference.mail.domain.kinds import ReasonGone
from conference.mail.domain.render import TextError, blank_link
from conference.mail.enums import OPEN, TRANSITIONS, Kind, State
from conference.mail.models import Message, MessageQuerySet
from conference.message_rows import message_row
from conference.views.acts import attempt, typed
from conference.words import moment

PER_PAGE = 50
TO_COME = (State.SCHEDULED, State.SENDING, State.RETRY, State.HELD)
ACTS: dict[str, Callable[..., Message]] = {
    "hold": domain.hold,
    "release": domain.release,
    "send": domain.send_now,
    "cancel": domain.cancel,
}


@dataclass(frozen=True)
class Written:
    """A message as it reads; ``problem`` instead, where it would not go out."""

    subject: str = ""
    text: str = ""
    problem: str = ""


def _counts(messages: MessageQuerySet) -> Counter[str]:
    rows = messages.order_by().values("state").annotate(number=Count("pk"))
    return Counter({row["state"]: row["number"] for row in rows})


def _in_state(messages: MessageQuerySet, state: str) -> MessageQuerySet:
    """What is to come stands in the order in which it leaves; all else begins with the last."""
    if state == COMING:
        return messages.filter(state__in=TO_COME).order_by("due_at", "pk")
    return messages.filter(state=state) if state else messages


@login_required
@require_safe
def messages(request: HttpRequest, slug: str) -> HttpResponse:
    """What goes out when: everything, by date, person and kind, in one list."""
    conference = conference_for(request, slug, Capability.VIEW_PEOPLE)
    everything = Message.objects.filter(conference=conference)
    filter_ = MessageFilter(request.GET, conference=conference)
    narrowed = filter_.narrowed(everything)
    state = filter_.cleaned_data.get("state", "")
    counts = _counts(narrowed)
    used = set(everything.order_by().values_list("kind", flat=True).distinct())
    page = Paginator(_in_state(narrowed, state), PER_PAGE).get_page(request.GET.get("page"))
    coming = everything.open().exclude(state=State.HELD).order_by("due_at").first()
    to_come = sum(counts[one] for one in TO_COME)
    tabs = [(COMING, _("To come"), to_come)] if to_come else []
    tabs += [(one.value, str(one.label), counts[one]) for one in State if counts[one] and one not in TO_COME]
    context = {
        "rows": [message_row(conference, message) for message in page],
        "page": page,
        "query": _query(request, "page"),
        "tab_query": _query(request, "page", "state"),
        "filter": filter_,
        "kinds": [(one, label) for one, label in Kind.choices if one in used],
        "state": state,
        "tabs": tabs,
        "shown": counts.total(),
        "total": len(used),
        "waiting": to_come - counts[State.HELD],
        "sent": counts[State.SENT],
        "failed": counts[State.FAILED] + counts[State.BOUNCED],
        "next": moment(conference, coming.due_at) if coming and coming.due_at > timezone.now() else "",
        "warnings": health(timezone.now()).warnings(),
    }
    return render_desk(request, "mail/desk/messages.html", conference, context, current="messages")


def _query(request: HttpRequest, *without: str) -> str:
    query = request.GET.copy()
    for name in without:
        query.pop(name, None)
    return query.urlencode()


@login_required
@require_safe
def message(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    shown = message_for(request, slug, uuid, Capability.VIEW_PEOPLE)
    conference = shown.conference
    if conference is None:
        raise Http404
    state = State(shown.state)
    may_change = state in OPEN or state == State.FAILED
    context = {
        "row": message_row(conference, shown),
        "written": _written(shown),
        "due": moment(conference, shown.due_at),
        "is_open": state in OPEN or state == State.SENDING,
        "may_hold": State.HELD in TRANSITIONS[state],
        "may_release": state == State.HELD,
        "may_send": may_change and state != State.HELD,
        "may_cancel": state in OPEN,
        "move": MoveForm(message=shown, conference=conference) if state in OPEN else None,
    }
    return render_desk(request, "mail/desk/message.html", conference, context, current="messages")


@login_required
@require_POST
def move(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Another time for a message that waits."""
    moved = message_for(request, slug, uuid, Capability.MANAGE)
    form = MoveForm(request.POST, message=moved, conference=moved.conference)  # type: ignore[arg-type]
    if form.is_valid():
        due_at = form.cleaned_data["due_at"]
        done = _("The message leaves on %(when)s.") % {"when": moment(moved.conference, due_at)}  # type: ignore[arg-type]
        attempt(request, lambda: domain.move(message_id=moved.pk, actor=signed_in(request), due_at=due_at), done)
    else:
        flash.error(request, " ".join(map(str, form.errors["due_at"])))
    return redirect("mail:message", slug, moved.uuid)


def _written(shown: Message) -> Written:
    """The kept copy of what went out; for what has not, how it would read now. Never with the personal link."""
    if shown.state in {State.SENT, State.BOUNCED}:
        return Written(shown.subject, shown.body_text, "" if shown.body_text else _("The text has been erased."))
    if shown.state in {State.CANCELLED, State.MISSED}:
        return Written(problem=_("This message did not go out."))
    try:
        content, rendered = prepare(shown)
    except ReasonGone as gone:
        return Written(problem=_("It would not go out: %(reason)s.") % {"reason": gone})
    except (TextError, LookupError) as error:
        return Written(problem=_("It cannot be written: %(error)s") % {"error": error})
    return Written(rendered.subject, blank_link(rendered.text, content.action_url, shown.language))


@login_required
@require_POST
def act(request: HttpRequest, slug: str, uuid: UUID, act: str) -> HttpResponse:
    """Hold, release, send now or cancel one message."""
    changed = message_for(request, slug, uuid, Capability.MANAGE)
    if act not in ACTS:
        raise Http404
    done = {
        "hold": _("The message is held: it does not go out until you release it."),
        "release": _("The message is released."),
        "send": _("The message goes out within a minute."),
        "cancel": _("The message is cancelled."),
    }
    attempt(request, lambda: ACTS[act](message_id=changed.pk, actor=signed_in(request)), done[act])
    return redirect("mail:message", slug, changed.uuid)


@login_required
@require_POST
def lift_address(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Say that an address to which nothing is sent any more works again."""
    shown = message_for(request, slug, uuid, Capability.MANAGE)
    reason = typed(request, "reason", 200)
    attempt(
        request,
        lambda: domain.lift_address(message_id=shown.pk, actor=signed_in(request), reason=reason),
        _("The address is written to again. What had failed can be sent anew."),
    )
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return redirect(back) if safe else redirect("mail:message", slug, shown.uuid)
