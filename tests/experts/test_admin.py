"""The records of experts in Django's admin: whose, by whom, and through the domain."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from conference.enums import Role
from conference.mail.models import Message
from conference.models import Conference, Document, Event, Membership, User
from experts.domain import briefings
from experts.enums import ExpertState, Position
from experts.models import (
    Availability,
    Briefing,
    BriefingRead,
    BriefingVersion,
    Claim,
    CommitteeOpinion,
    Contribution,
    Expert,
    KeyQuestion,
    Paper,
    ScaleStep,
    Stance,
)
from tests.experts.conftest import signed_in
from tests.experts.factories import make_briefing, make_expert, make_part
from tests.factories import add_member, make_session

RECORDS: list[type[Model]] = [CommitteeOpinion, Stance, Availability, Paper, Claim, ScaleStep]
MODELS: list[type[Model]] = [Expert, Contribution, Briefing, BriefingVersion, BriefingRead, *RECORDS]


def make_all(conference: Conference, actor: User) -> dict[type[Model], Any]:
    expert = make_expert(conference, ExpertState.INVITED)
    part = make_part(expert, make_session(conference))
    briefing = make_briefing(conference, actor, "Un.")
    version = briefing.versions.get(number=1)
    read = briefings.mark_read(expert=expert, version=version)
    acts = {Expert: expert, Contribution: part, Briefing: briefing, BriefingVersion: version, BriefingRead: read}
    return {**acts, **_records(conference, expert)}


def _records(conference: Conference, expert: Expert) -> dict[type[Model], Any]:
    now = timezone.now()
    member = Membership.objects.get(conference=conference, user=add_member(conference, role=Role.STEERING))
    number = KeyQuestion.objects.filter(conference=conference).count() + 1
    question = KeyQuestion.objects.create(conference=conference, number=number, text="Qui paie ?")
    document = Document.objects.create(
        conference=conference, title="Contrat", size=1, audience="team", is_confidential=True
    )
    position = list(Position)[ScaleStep.objects.count()]
    return {
        CommitteeOpinion: CommitteeOpinion.objects.create(expert=expert, member=member, opinion="approves"),
        Stance: Stance.objects.create(expert=expert, question=question, position="for"),
        Availability: Availability.objects.create(expert=expert, starts_at=now, ends_at=now + timedelta(hours=3)),
        Paper: Paper.objects.create(expert=expert, document=document),
        Claim: Claim.objects.create(expert=expert),
        ScaleStep: ScaleStep.objects.create(conference=conference, position=position, label="Oui"),
    }


def admin_url(model: type[Model], page: str, *args: object) -> str:
    return reverse(f"admin:experts_{model._meta.model_name}_{page}", args=args)


@pytest.mark.parametrize("model", MODELS)
def test_mine_is_shown_and_another_ones_is_not(
    conference: Conference, olive: User, otto: User, model: type[Model]
) -> None:
    obj = make_all(conference, olive)[model]
    for client, seen in ((signed_in(olive), 1), (signed_in(otto), 0)):
        changelist = client.get(admin_url(model, "changelist"))
        assert (changelist.status_code, changelist.context["cl"].result_count) == (200, seen)
        # Django sends whoever asks for a row that they may not see back to the index
        assert client.get(admin_url(model, "change", obj.pk)).status_code == (200 if seen else 302)
        assert client.get(admin_url(model, "add")).status_code == 403
        assert client.post(admin_url(model, "delete", obj.pk), {"post": "yes"}).status_code in {302, 403}
    assert model._default_manager.filter(pk=obj.pk).count() == 1


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("item_count", [1, 3])
def test_lists_cost_the_same(conference: Conference, olive: User, model: type[Model], item_count: int) -> None:
    for _ in range(item_count):
        make_all(conference, olive)
    client = signed_in(olive)
    client.get(admin_url(model, "changelist"))
    with CaptureQueriesContext(connection) as queries:
        assert client.get(admin_url(model, "changelist")).status_code == 200
    assert len(queries) == 5, "\n".join(query["sql"][:160] for query in queries)


def form_of(client: Client, expert: Expert) -> dict[str, Any]:
    form = client.get(admin_url(Expert, "change", expert.pk)).context["adminform"].form
    return {name: form[name].value() or "" for name in form.fields}


def test_a_change_goes_through_the_domain(conference: Conference, olive: User, desk: Client) -> None:
    expert = make_expert(conference, ExpertState.INVITED)
    data = form_of(desk, expert) | {"email": "nouvelle@example.org"}
    assert desk.post(admin_url(Expert, "change", expert.pk), data).status_code == 302
    stored = Expert.objects.get(pk=expert.pk)
    assert (stored.email, stored.link_version) == ("nouvelle@example.org", expert.link_version + 1)
    assert list(Message.objects.values_list("recipient_email", flat=True)) == ["nouvelle@example.org"]
    assert list(Event.objects.values_list("verb", "actor")) == [("expert.changed", olive.pk)]


def test_the_same_address_twice_is_refused_in_words(conference: Conference, olive: User, desk: Client) -> None:
    first, second = make_expert(conference), make_expert(conference)
    response = desk.post(admin_url(Expert, "change", second.pk), form_of(desk, second) | {"email": first.email})
    assert (response.status_code, Expert.objects.get(pk=second.pk).email) == (200, second.email)


def test_the_state_is_not_a_field_to_fill_in(conference: Conference, olive: User, desk: Client) -> None:
    expert = make_expert(conference, ExpertState.INVITED)
    desk.post(admin_url(Expert, "change", expert.pk), form_of(desk, expert) | {"state": "accepted"})
    assert Expert.objects.get(pk=expert.pk).state == ExpertState.INVITED


@pytest.mark.parametrize(("role", "sees"), [(Role.FACILITATOR, True), (Role.OBSERVER, False)])
def test_contact_and_changes_follow_the_role(conference: Conference, olive: User, role: Role, sees: bool) -> None:
    expert = make_expert(conference, phone="06 33 33 33 33")
    client = signed_in(add_member(conference, role=role))
    html = client.get(admin_url(Expert, "change", expert.pk)).content.decode()
    assert (expert.email in html, "06 33 33 33 33" in html) == (sees, sees)
    assert client.post(admin_url(Expert, "change", expert.pk), {"first_name": "Autre"}).status_code == 403
    assert Expert.objects.get(pk=expert.pk).first_name == expert.first_name


def test_a_draft_is_no_record_yet(conference: Conference, olive: User, desk: Client) -> None:
    briefing = make_briefing(conference, olive)
    briefings.save_draft(briefing_id=briefing.pk, actor=olive, title="Titre", text="Secret.", documents=[])
    assert desk.get(admin_url(BriefingVersion, "changelist")).context["cl"].result_count == 0


@pytest.mark.parametrize("model", [Paper, Claim])
def test_what_is_confidential_is_for_those_who_run_the_conference(
    conference: Conference, olive: User, reader: Client, model: type[Model]
) -> None:
    obj = make_all(conference, olive)[model]
    User.objects.update(is_staff=True)
    assert reader.get(admin_url(model, "changelist")).status_code == 403
    assert reader.get(admin_url(model, "change", obj.pk)).status_code in {302, 403}
    listed = reader.get(reverse("admin:conference_document_changelist"))
    assert "Contrat" not in listed.content.decode()


def test_the_fee_is_for_those_who_run_the_conference(conference: Conference, olive: User, reader: Client) -> None:
    expert = make_expert(conference, fee="4321.00")
    User.objects.update(is_staff=True)
    path = admin_url(Expert, "change", expert.pk)
    assert ["4321" in client.get(path).content.decode() for client in (reader, signed_in(olive))] == [False, True]
