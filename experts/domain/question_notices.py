"""The letters about questions: that some were put, and that answers are due. One reminder for all open answers of a person."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from conference.mail.domain import outbox
from conference.mail.enums import Kind
from conference.models import Conference
from conference.timing import reminder_before
from experts.audiences import recipient
from experts.enums import CONCERNED
from experts.models import Ask, Expert, QuestionList

SUBJECT = "experts.expert"
DAYS_BEFORE = (7, 2)


def asked(conference: Conference, expert: Expert, at: datetime) -> None:
    outbox.schedule(
        kind=Kind.QUESTIONS_ASKED,
        recipient=recipient(expert),
        conference_id=conference.pk,
        subject_type=SUBJECT,
        subject_id=expert.pk,
        occurrence=f"{at:%Y%m%dT%H%M%S%f}",
    )


def remind_all(conference: Conference, state: QuestionList) -> None:
    """After a new deadline, or new questions: for everybody who still owes an answer."""
    waiting = Ask.objects.filter(question__conference=conference, answered_at=None).exclude(asked_at=None)
    for expert in Expert.objects.filter(pk__in=waiting.values("expert"), state__in=CONCERNED).select_related(
        "conference"
    ):
        remind(expert, state)


def remind(expert: Expert, state: QuestionList) -> None:
    """Plan the reminders anew, some days before the deadline, at the conference's hour of reminders."""
    all_answered(expert, _("The deadline was moved"))
    due, conference = state.answers_due_at, expert.conference
    if due is None:
        return
    moments = sorted(
        {reminder_before(conference, conference.local(due).date() - timedelta(days=days)) for days in DAYS_BEFORE}
    )
    for number, moment in enumerate(moments):
        if moment <= timezone.now():
            continue
        outbox.schedule(
            kind=Kind.ANSWERS_DUE,
            recipient=recipient(expert),
            conference_id=conference.pk,
            subject_type=SUBJECT,
            subject_id=expert.pk,
            occurrence=f"{due:%Y%m%dT%H%M}-{moment:%Y%m%d}-{timezone.now():%Y%m%dT%H%M%S%f}",
            due_at=moment,
            expires_at=moments[number + 1] if number + 1 < len(moments) else due,
        )


def published(conference: Conference) -> None:
    """Nobody is waited for any longer."""
    waiting = Ask.objects.filter(question__conference=conference, answered_at=None).exclude(asked_at=None)
    for expert in Expert.objects.filter(pk__in=waiting.values("expert")):
        all_answered(expert, _("The answers were published"))


def all_answered(expert: Expert, reason: str = "") -> None:
    outbox.cancel(
        subject_type=SUBJECT,
        subject_id=expert.pk,
        kinds={Kind.ANSWERS_DUE},
        reason=reason or _("The answers were handed in"),
    )
