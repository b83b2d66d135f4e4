"""Whether this process lives, and whether everything that serving needs is there. No personal data in the answers."""

from datetime import timedelta
from hmac import compare_digest
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

from conference.celery import app
from conference.mail.domain.health import Health, health
from conference.mail.domain.metrics import metrics as mail_metrics

BROKER_SECONDS = 1


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    return HttpResponse("alive\n", content_type="text/plain")


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """503 as soon as one part is away or late. Pages still work without broker, worker and beat: alarm on this, and
    route visitors by ``live``."""
    checks: dict[str, Any] = {"database": _database()}
    checks["broker"] = _broker()
    if checks["database"] == "ok":
        checks |= _mail(health(timezone.now()))
    good = all(value in {"ok", None} or isinstance(value, int) for value in checks.values())
    return JsonResponse({"status": "ready" if good else "not ready", **checks}, status=200 if good else 503)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For Prometheus. With METRICS_TOKEN set, only for who bears it; a stranger sees no page."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if settings.METRICS_TOKEN and not compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        raise Http404
    return HttpResponse(mail_metrics(timezone.now()), content_type="text/plain; version=0.0.4; charset=utf-8")


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "no answer"
    return "ok"


def _broker() -> str:
    try:
        with app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=0, timeout=BROKER_SECONDS)
    except (OperationalError, OSError):
        return "no answer"
    return "ok"


def _mail(found: Health) -> dict[str, Any]:
    return {
        "dispatcher": "silent" if found.is_silent else "ok",
        "dispatcher_silent_seconds": _seconds(found.silence),
        "mail_server": "no answer" if found.server_gone else "ok",
        "outbox": "late" if found.is_late else "ok",
        "oldest_due_seconds": _seconds(found.oldest_due),
    }


def _seconds(span: timedelta | None) -> int | None:
    return None if span is None else int(span.total_seconds())
