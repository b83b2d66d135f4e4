"""Writing and wording the event log.

Each app registers the sentences of its verbs when it starts; ``data`` fills the named places. A verb without a sentence
is a programming error, found at the first ``record``. ``data`` keeps codes where it can (a role, a step, names of fields):
they are put into words when the log is read, in the reader's language.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.functional import Promise

from conference.domain.changes import labels_of
from conference.enums import Role, StepKey
from conference.mail.enums import Kind
from conference.models import Conference, Event, User

_SENTENCES: dict[str, str | Promise] = {}
_CODES: dict[str, type[models.TextChoices]] = {"role": Role, "before": Role, "step": StepKey, "message": Kind}


def register_verbs(sentences: Mapping[str, str | Promise]) -> None:
    """Add sentences, such as ``{"seat.freed": _("Seat %(seat)s came free")}`` (lazy translations)."""
    _SENTENCES.update(sentences)


def event(
    verb: str,
    *,
    conference: Conference | None,
    actor: User | None = None,
    actor_label: str = "",
    obj: models.Model | None = None,
    reason: str = "",
    **data: Any,
) -> Event:
    """An event that is not written yet. ``data`` must be JSON and must not name a person."""
    if verb not in _SENTENCES:
        raise LookupError(f"No sentence is registered for the event {verb!r}.")
    return Event(
        conference=conference,
        verb=verb,
        actor=actor,
        actor_label=actor_label,
        object_type=obj._meta.label_lower if obj is not None else "",
        object_id=str(obj.pk) if obj is not None else "",
        data=data,
        reason=reason,
    )


def record(
    verb: str,
    *,
    conference: Conference | None,
    actor: User | None = None,
    actor_label: str = "",
    obj: models.Model | None = None,
    reason: str = "",
    **data: Any,
) -> Event:
    """Write one event in the running transaction. ``data`` must be JSON and must not name a person."""
    written = event(verb, conference=conference, actor=actor, actor_label=actor_label, obj=obj, reason=reason, **data)
    written.save(force_insert=True)
    return written


def record_many(events: Iterable[Event]) -> None:
    """Write many in one query."""
    Event.objects.bulk_create(events)


def times(obj: models.Model, verbs: Iterable[str]) -> int:
    """How often these things have happened to it."""
    found = Event.objects.filter(object_type=obj._meta.label_lower, object_id=str(obj.pk), verb__in=list(verbs))
    return found.count()


def sentence(event: Event) -> str:
    """The event in words, in the reader's language."""
    template = str(_SENTENCES.get(event.verb, event.verb))
    try:
        return template % {key: _in_words(event, key, value) for key, value in event.data.items()}
    except (KeyError, TypeError, ValueError):
        return template


def _in_words(event: Event, key: str, value: Any) -> Any:
    if key in _CODES and value in _CODES[key].values:
        return str(_CODES[key](value).label)
    if key == "fields" and isinstance(value, list):
        return labels_of(apps.get_model(event.object_type), value)
    if key == "record":
        return str(apps.get_model(value)._meta.verbose_name)
    return value
