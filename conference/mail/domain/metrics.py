"""Figures of the outbox for a monitoring program, in the text format of Prometheus. Counts and ages, never a person."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from conference.mail.domain.claims import DEAD_AFTER, PREFIX
from conference.mail.domain.health import health
from conference.mail.domain.pause import NOT_BEFORE, SERVER
from conference.mail.models import Heartbeat, Message, Refusal


class Outbox(Collector):
    """Read from the database at each question: all web processes answer alike, and a restart resets nothing."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def collect(self) -> Iterator[Metric]:
        yield self._messages()
        yield from self._ages()
        yield self._refusals()
        living = Heartbeat.objects.filter(name__startswith=PREFIX, at__gte=self.now - DEAD_AFTER).count()
        yield _gauge("mail_dispatchers", "Dispatchers that are sending now.", living)

    def _messages(self) -> Metric:
        found = GaugeMetricFamily("mail_messages", "Messages by state and kind.", labels=["state", "kind"])
        counts = Message.objects.order_by().values_list("state", "kind").annotate(number=Count("pk"))
        for state, kind, number in counts.order_by("state", "kind"):
            found.add_metric([state, kind], number)
        return found

    def _ages(self) -> Iterator[Metric]:
        state = health(self.now)
        late = state.oldest_due.total_seconds() if state.oldest_due else 0.0
        yield _gauge("mail_oldest_due_seconds", "For how long the most overdue message has been waiting.", late)
        if state.silence is not None:
            silence = state.silence.total_seconds()
            yield _gauge("mail_beat_silent_seconds", "Since the last tick of beat reached a worker.", silence)
        yield _gauge("mail_server_gone", "1 while the mail server is away or refuses us.", int(state.server_gone))
        beats = dict(Heartbeat.objects.filter(name__in=[SERVER, NOT_BEFORE]).values_list("name", "at"))
        if SERVER in beats:
            taken = beats[SERVER].timestamp()
            yield _gauge("mail_last_taken_timestamp_seconds", "When the mail server last took a message.", taken)
        wait = max(0.0, (beats[NOT_BEFORE] - self.now).total_seconds()) if NOT_BEFORE in beats else 0.0
        yield _gauge("mail_pause_seconds", "For how long the mail server is still left in peace.", wait)

    def _refusals(self) -> Metric:
        words = "Refusals by the code of the mail server's answer; 0: no answer."
        found = CounterMetricFamily("mail_refusals", words, labels=["code"])
        for refusal in Refusal.objects.order_by("code"):
            found.add_metric([str(refusal.code)], refusal.count)
        return found


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value=value)


def metrics(now: datetime) -> bytes:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Outbox(now))
    return generate_latest(registry)
