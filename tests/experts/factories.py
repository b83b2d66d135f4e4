"""Experts and briefings for tests."""

import itertools
from typing import Any

from django.test import Client
from django.urls import reverse

from conference.links import make_token
from conference.models import Conference, Session, User
from experts.domain import briefings
from experts.enums import ExpertState
from experts.models import Briefing, BriefingVersion, Contribution, Expert

_count = itertools.count(1)


def make_expert(conference: Conference, state: ExpertState = ExpertState.ACCEPTED, **fields: Any) -> Expert:
    number = next(_count)
    defaults = {"first_name": "Irène", "last_name": f"Caumont{number}", "email": f"expert{number}@example.org"}
    return Expert.objects.create(conference=conference, state=state, **{**defaults, **fields})


def make_part(expert: Expert, session: Session, **fields: Any) -> Contribution:
    return Contribution.objects.create(expert=expert, session=session, **fields)


def make_briefing(conference: Conference, actor: User, *texts: str, expert: Expert | None = None) -> Briefing:
    """A briefing with one published version for each text."""
    briefing = briefings.create_briefing(conference=conference, actor=actor, title="Parler aux citoyens", expert=expert)
    for number, text in enumerate(texts, start=1):
        write(briefing, actor, text)
        briefings.publish(briefing_id=briefing.pk, actor=actor, change_note=f"Changement {number}")
    return briefing


def write(briefing: Briefing, actor: User, text: str) -> BriefingVersion | None:
    documents = list(briefing.documents.all())
    return briefings.save_draft(
        briefing_id=briefing.pk, actor=actor, title=briefing.title, text=text, documents=documents
    )


def link(expert: Expert, *, scope: str = "expert") -> str:
    return reverse("experts:link", args=[make_token(scope, expert.uuid, expert.link_version)])


def browser_of(expert: Expert) -> Client:
    """A browser that has followed the expert's link."""
    client = Client()
    client.get(link(expert))
    return client
