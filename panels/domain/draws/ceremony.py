"""The ceremony: commit to a prepared lottery in public, draw a ticket in public, and live with what it says.

From the commitment on nobody can change what a ticket means; the ticket is drawn by something that nobody at the
computer can steer. What was committed to stays visible for ever, also where it was withdrawn or set aside.
"""

import json
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.domain.errors import DomainError
from conference.domain.events import record
from conference.enums import StepKey
from conference.models import Conference, Step, User
from conference.nudge import nudge
from conference.words import moment
from panels import lottery
from panels.domain.draws.making import prepare_draw, run_draw
from panels.domain.draws.pool import changes_since, snapshot
from panels.domain.locking import lock_conference
from panels.enums import Choosing, DrawState, Place
from panels.lottery.lots import number_below
from panels.models import Draw, DrawBundle, DrawEntry, Seat, Volunteer

GRACE = timedelta(minutes=15)  # filling in the form takes a while; the moment typed may have passed by then


def bundle_of(draw: Draw) -> dict[str, Any]:
    """What is, or will be, published about a draw; megabytes for a large pool."""
    content: dict[str, Any] = json.loads(bytes(DrawBundle.objects.get(draw=draw).content))
    return content


@transaction.atomic
def commit_draw(
    *, draw: Draw, actor: User, choosing: str, reveal_at: datetime, place: str = "", note: str = ""
) -> Draw:
    """Publish the fingerprint, freeze the pool and the criteria, and say when and how the ticket will be drawn."""
    conference = lock_conference(draw.conference_id)
    draw = Draw.objects.select_for_update(of=("self",)).select_related("conference").get(pk=draw.pk)
    if draw.state != DrawState.PREPARED:
        raise DomainError(_("Only a draw that is prepared, and not announced yet, can be announced."))
    if not conference.is_published:
        raise DomainError(_("Nobody could see the announcement: make the conference’s public page visible first."))
    now = timezone.now()
    if reveal_at < now - GRACE:
        raise DomainError(_("The moment of the draw has passed already. Choose a later one."))
    if choosing == Choosing.SOURCE and not note.strip():
        raise DomainError(
            _("Name the public source, and how the digits follow from it, so that anybody can repeat it.")
        )
    _check_unchanged(conference, draw)
    draw.state, draw.committed_at, draw.committed_by = DrawState.COMMITTED, now, actor
    draw.choosing, draw.choosing_note = Choosing(choosing), note.strip()
    draw.reveal_at, draw.reveal_place = reveal_at, place.strip()
    draw.save()
    _write_entries(draw)
    record(
        "draw.committed",
        conference=conference,
        actor=actor,
        obj=draw,
        number=draw.number,
        fingerprint=draw.fingerprint,
        root=draw.root,
        tickets=draw.tickets,
    )
    finish_step(conference, StepKey.INVITE)
    _close_registration(conference)
    return draw


def _check_unchanged(conference: Conference, draw: Draw) -> None:
    changes = changes_since(draw)
    _frozen, incomplete = snapshot(conference)
    if changes or incomplete:
        told = changes.sentences() or [_("Somebody in the pool lacks a value for one of the criteria.")]
        raise DomainError(
            _("The pool is no longer the one this draw was prepared for. %(changes)s Prepare the draw again.")
            % {"changes": " ".join(told)}
        )


def _write_entries(draw: Draw) -> None:
    published = bundle_of(draw)
    tickets: dict[str, list[int]] = defaultdict(list)
    for number, ticket in enumerate(published["tickets"]):
        for name in ticket:
            tickets[name].append(number)
    volunteers = dict(Volunteer.objects.filter(conference_id=draw.conference_id).values_list("reference", "pk"))
    DrawEntry.objects.bulk_create(
        DrawEntry(
            draw=draw,
            volunteer_id=volunteers[reference],
            pseudonym=name,
            probability=published["probabilities"][name],
            tickets=tickets[name],
        )
        for reference, name in sorted(draw.pseudonyms.items())
    )


def _close_registration(conference: Conference) -> None:
    """The pool is frozen: no page may go on inviting people to register."""
    if conference.registration_is_open():
        conference.registration_closes = timezone.now()
        conference.save(update_fields=["registration_closes"])


def finish_step(conference: Conference, key: StepKey) -> None:
    step = Step.objects.filter(conference=conference, key=key, done_at=None).first()
    if step:
        step.done_at = timezone.now()
        step.save(update_fields=["done_at"])
        record("step.done", conference=conference, actor_label=_("the program"), obj=step, step=step.key)


@transaction.atomic
def withdraw_draw(*, draw: Draw, actor: User, reason: str) -> Draw:
    """Take back an announcement before its ticket is drawn. It stays visible, with the reason."""
    lock_conference(draw.conference_id)
    draw = Draw.objects.select_for_update(of=("self",)).select_related("conference").get(pk=draw.pk)
    if draw.state != DrawState.COMMITTED:
        raise DomainError(_("Only a draw whose ticket has not been drawn can be withdrawn."))
    if not reason.strip():
        raise DomainError(_("Write the reason: it stays visible on the public page, beside the announcement."))
    draw.state, draw.set_aside_at, draw.set_aside_reason = DrawState.WITHDRAWN, timezone.now(), reason.strip()
    draw.save(update_fields=["state", "set_aside_at", "set_aside_reason"])
    record("draw.withdrawn", conference=draw.conference, actor=actor, obj=draw, reason=reason, number=draw.number)
    return draw


@transaction.atomic
def reveal_draw(*, draw: Draw, actor: User, ticket: int | None = None, witnesses: str = "") -> Draw:
    """The ticket is drawn: its panel gets the seats, for good. ``ticket`` is None where the program was to choose."""
    conference = lock_conference(draw.conference_id)
    draw = Draw.objects.select_for_update(of=("self",)).select_related("conference").get(pk=draw.pk)
    if draw.state == DrawState.DONE:
        raise DomainError(_("The ticket has been drawn already: it is %(ticket)s.") % {"ticket": draw.ticket_name})
    if draw.state != DrawState.COMMITTED or draw.reveal_at is None:
        raise DomainError(_("Announce the draw first: its fingerprint must be public before a ticket is drawn."))
    now = timezone.now()
    if now < draw.reveal_at:
        raise DomainError(
            _("The ticket is to be drawn on %(when)s, as was announced: not before.")
            % {"when": moment(conference, draw.reveal_at)}
        )
    draw.ticket = _ticket(draw, ticket)
    panel = lottery.panel_of(bundle_of(draw), draw.ticket)
    draw.state, draw.revealed_at, draw.revealed_by, draw.witnesses = DrawState.DONE, now, actor, witnesses.strip()
    draw.result = {**draw.result, "panel": list(panel)}
    draw.save()
    DrawEntry.objects.filter(draw=draw, pseudonym__in=panel).update(place=Place.PANEL)
    Seat.objects.bulk_create(
        Seat(conference=conference, draw=draw, number=number) for number in range(1, len(panel) + 1)
    )
    record(
        "draw.done",
        conference=conference,
        actor=actor,
        obj=draw,
        number=draw.number,
        ticket=draw.ticket_name,
        panel=len(panel),
        seed=draw.seed,
    )
    nudge("panels.tasks.find_alternates", draw.pk)
    return draw


def _ticket(draw: Draw, typed: int | None) -> int:
    if draw.choosing == Choosing.PROGRAM:
        return number_below(draw.tickets, "ticket", draw.seed)
    if typed is None or not 0 <= typed < draw.tickets:
        raise DomainError(
            _("Type %(digits)s digits, from %(first)s to %(last)s.")
            % {
                "digits": draw.digits,
                "first": "0" * draw.digits,
                "last": f"{draw.tickets - 1:0{draw.digits}d}",
            }
        )
    return typed


def find_alternates(*, draw_id: int) -> Draw:
    """Choose the alternates of the panel that was drawn; computed outside of any lock. Harmless when called twice."""
    draw = Draw.objects.light().get(pk=draw_id)
    if draw.state != DrawState.DONE or draw.ticket is None or "alternates" in draw.result:
        return draw
    chosen = lottery.alternates_of(bundle_of(draw), draw.ticket)
    return _name_alternates(draw_id, chosen)


@transaction.atomic
def _name_alternates(draw_id: int, chosen: tuple[str, ...]) -> Draw:
    draw = Draw.objects.light().get(pk=draw_id)
    conference = lock_conference(draw.conference_id)
    draw = Draw.objects.light().select_for_update().get(pk=draw_id)
    if draw.state != DrawState.DONE or "alternates" in draw.result:
        return draw
    entries = {entry.pseudonym: entry for entry in DrawEntry.objects.filter(draw=draw, pseudonym__in=chosen)}
    for rank, name in enumerate(chosen, 1):
        entry = entries[name]
        entry.place, entry.rank = Place.ALTERNATE, rank
    DrawEntry.objects.bulk_update(entries.values(), ["place", "rank"])
    draw.result = {**draw.result, "alternates": list(chosen)}
    draw.save(update_fields=["result"])
    record(
        "draw.alternates",
        conference=conference,
        actor_label=_("the program"),
        obj=draw,
        number=draw.number,
        alternates=len(chosen),
    )
    return draw


def draws_without_alternates() -> list[int]:
    """Drawn, and the task that names the alternates was lost."""
    found = Draw.objects.filter(state=DrawState.DONE, ticket__isnull=False)
    return list(found.exclude(result__has_key="alternates").values_list("pk", flat=True))


def draw_at_once(
    *, conference: Conference, actor: User, choosing: str = Choosing.PROGRAM, ticket: int | None = None
) -> Draw:
    """The whole ceremony in one go, for demonstrations and trials; raises ``DomainError`` where it cannot be done."""
    draw = run_draw(draw_id=prepare_draw(conference=conference, actor=actor).pk)
    draw = commit_draw(draw=draw, actor=actor, choosing=choosing, reveal_at=timezone.now())
    draw = reveal_draw(draw=draw, actor=actor, ticket=ticket)
    return find_alternates(draw_id=draw.pk)
