"""Where a mail provider tells what became of our messages. The one configured provider, and only with its secret."""

import hashlib
import json
import logging
import uuid
from typing import Any

from anymail.exceptions import AnymailWebhookValidationFailure
from anymail.signals import AnymailTrackingEvent, EventType, RejectReason, tracking
from django.conf import settings
from django.dispatch import receiver
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils.module_loading import import_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from conference.mail.domain.bounces import TooEarly, receive
from conference.mail.domain.codes import Code, address_is_dead, read_code
from conference.mail.domain.providers import FIELD, PROVIDERS
from conference.mail.domain.reports import WORDS, Report
from conference.mail.enums import ReportKind, Route

logger = logging.getLogger(__name__)

_GONE = {EventType.BOUNCED, EventType.REJECTED, EventType.FAILED}
# What the readers of anymail raise on what their provider does not send. OSError and OverflowError: a moment too far off.
_UNREADABLE = (LookupError, TypeError, AttributeError, ValueError, OverflowError, OSError)
_SOFT = {"soft_bounce", "soft bounce", "softbounce", "temporary", "transient"}


@csrf_exempt
@require_POST
def webhook(request: HttpRequest, provider: str) -> HttpResponse:
    """No login and no cookie: the provider shows the secret, and some sign besides."""
    if provider != settings.MAIL_PROVIDER or provider not in PROVIDERS or not settings.ANYMAIL.get("WEBHOOK_SECRET"):
        raise Http404
    try:
        view = import_string(PROVIDERS[provider].view).as_view()
        answer: HttpResponse = view(request)
    except TooEarly:
        return HttpResponse(status=503, headers={"Retry-After": "60"})
    except AnymailWebhookValidationFailure:
        return HttpResponseBadRequest()
    except _UNREADABLE as error:
        logger.warning("The mail provider's notice could not be read: %s", type(error).__name__)
        return HttpResponseBadRequest()
    return answer


@receiver(tracking, dispatch_uid="conference.mail.webhooks")
def on_event(event: AnymailTrackingEvent, **_kwargs: Any) -> None:
    message, report = _message_of(event), _report_of(event)
    if message is not None and report is not None:
        receive(message_uuid=message, report=report, route=Route.WEBHOOK, identity=_identity(event))


def _message_of(event: AnymailTrackingEvent) -> uuid.UUID | None:
    """By the number that we gave along, else by our Message-ID. Never by the address: it may have had other mail."""
    facts = event.metadata if isinstance(event.metadata, dict) else {}
    ours = str(event.message_id or "").strip("<> ").removesuffix("@concitoyen")
    for name in (facts.get(FIELD), ours):
        try:
            return uuid.UUID(hex=str(name))
        except ValueError:
            continue
    return None


def _report_of(event: AnymailTrackingEvent) -> Report | None:
    words = " ".join(str(event.mta_response or event.description or "").split())[:WORDS]
    code = read_code(words)
    if event.event_type == EventType.COMPLAINED:
        return Report(ReportKind.COMPLAINT)
    if event.event_type == EventType.UNSUBSCRIBED:
        return Report(ReportKind.UNSUBSCRIBED)
    if event.event_type == EventType.DEFERRED or (event.event_type in _GONE and _is_soft(event, code)):
        return Report(ReportKind.DELAYED, code.status, words)
    if event.event_type in _GONE:
        return Report(ReportKind.BOUNCED, code.status, words, _is_dead(event, code, words))
    return None


def _is_soft(event: AnymailTrackingEvent, code: Code) -> bool:
    """A bounce that is none yet: providers call it so while they may still try again. One that has given up says so."""
    if event.reject_reason == RejectReason.TIMED_OUT:
        return False
    if code.is_known:
        return not code.is_permanent
    facts = event.esp_event if isinstance(event.esp_event, dict) else {}
    return any(str(facts.get(name, "")).lower() in _SOFT for name in ("event", "type", "Type", "severity"))


def _is_dead(event: AnymailTrackingEvent, code: Code, words: str) -> bool:
    """By the server's own code where the provider passes it on, else by the provider's word for it."""
    if code.is_known:
        return address_is_dead(code, words)
    return event.reject_reason in {RejectReason.INVALID, RejectReason.BOUNCED}


def _identity(event: AnymailTrackingEvent) -> str:
    """The provider's number of the event; where it gives none, what it says."""
    if event.event_id:
        return str(event.event_id)
    facts = [event.event_type, str(event.timestamp), event.recipient, event.mta_response, event.description]
    return hashlib.sha256(json.dumps(facts, default=str).encode()).hexdigest()
