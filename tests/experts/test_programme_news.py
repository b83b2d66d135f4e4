"""Who is told of a published programme, as the page says it beforehand and as it then happens."""

import pytest
from django.test import Client
from django.urls import reverse

from conference.domain.running_order import add_item
from conference.enums import ItemKind
from conference.mail.enums import Kind
from conference.mail.models import Message
from conference.models import Conference, User
from experts.domain.running_order import set_speakers
from experts.enums import ExpertState
from tests.experts.factories import make_expert
from tests.factories import make_session

pytestmark = pytest.mark.django_db


def test_the_page_names_those_who_are_then_written_to(conference: Conference, olive: User, desk: Client) -> None:
    session = make_session(conference)
    session.facilitators.add(conference.memberships.get(user=olive))
    states = {"Sûre": ExpertState.ACCEPTED, "Demandée": ExpertState.INVITED, "Prévue": ExpertState.APPROVED}
    experts = [make_expert(conference, state, last_name=name) for name, state in states.items()]
    fields = {"title": "Exposé", "kind": ItemKind.TALK, "starts_at": session.starts_at, "minutes": 30}
    item = add_item(session_id=session.pk, actor=olive, fields=fields)
    set_speakers(item_id=item.pk, actor=olive, experts=experts)
    url = reverse("publication:publish", args=[conference.slug])

    told = desk.get(url).context["told"]
    desk.post(url, {"note": ""})

    assert told == ["Irène Demandée", "Irène Sûre"]  # who is not invited yet hears nothing, nor who publishes
    written = Message.objects.filter(kind__in=(Kind.EXPERT_PROGRAMME, Kind.TEAM_PROGRAMME))
    assert sorted(written.values_list("recipient_name", flat=True)) == told
