"""What this room puts on the public page and on the desk's overview."""

from datetime import timedelta

import pytest
from django.db import connection
from django.template import Context, Template
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conference.models import Conference
from experts.enums import ExpertState, Position
from experts.models import Expert, KeyQuestion, Stance
from tests.experts.factories import make_expert, make_part
from tests.factories import make_session


def render(tag: str, **context: object) -> str:
    return Template("{% load experts_public %}" + tag).render(Context(context))


def test_only_those_who_accepted_are_named_with_position_and_interests(conference: Conference) -> None:
    for state in ExpertState:
        make_expert(
            conference, state, last_name=f"Nom-{state}", interests=f"Financement-{state}", position=Position.AGAINST,
            phone="06 22 22 22 22",
        )  # fmt: skip
    html = render("{% public_experts conference %}", conference=conference)
    shown = {state for state in ExpertState if f"Nom-{state}" in html or f"Financement-{state}" in html}
    assert shown == {ExpertState.ACCEPTED}
    accepted = Expert.objects.get(state=ExpertState.ACCEPTED)
    assert ("06 22 22 22 22" in html, accepted.email in html) == (False, False)


def test_the_session_lists_its_speakers_in_order(conference: Conference) -> None:
    session = make_session(conference)
    for minutes, name, state in (
        (60, "Second", ExpertState.ACCEPTED),
        (0, "Premier", ExpertState.ACCEPTED),
        (30, "Caché", ExpertState.INVITED),
    ):
        make_part(
            make_expert(conference, state, last_name=name),
            session,
            starts_at=session.starts_at + timedelta(minutes=minutes),
        )
    html = render("{% session_experts session %}", session=session)
    assert ("Caché" in html, html.index("Premier") < html.index("Second")) == (False, True)


def test_the_summary_counts_and_names_the_missing_view(conference: Conference) -> None:
    make_expert(conference, ExpertState.ACCEPTED, position=Position.FOR)
    make_expert(conference, ExpertState.INVITED, position=Position.RATHER_FOR)
    from django.utils import translation

    with translation.override("en"):
        words = " ".join(render("{% experts_summary conference %}", conference=conference).split())
    assert "1 expert has accepted, 1 has not answered yet." in words
    assert "Nobody speaks against it: this view is missing." in words


@pytest.mark.parametrize("item_count", [1, 3])
def test_the_tag_costs_the_same_for_one_and_for_three(conference: Conference, item_count: int) -> None:
    for _ in range(item_count):
        make_part(make_expert(conference), make_session(conference))
    with CaptureQueriesContext(connection) as queries:
        render("{% public_experts conference %}", conference=conference)
    assert len(queries) == 4


@pytest.mark.parametrize("item_count", [1, 3, 30])
def test_the_public_page_costs_the_same_for_one_and_for_thirty(conference: Conference, item_count: int) -> None:
    Conference.objects.filter(pk=conference.pk).update(is_published=True)
    for number in range(item_count):
        expert = make_expert(conference, position=Position.FOR)
        make_part(expert, make_session(conference), minutes=20)
        question = KeyQuestion.objects.create(conference=conference, number=number + 1, text="Qui paie ?")
        Stance.objects.create(expert=expert, question=question, position=Position.FOR)
    with CaptureQueriesContext(connection) as balance:
        Template("{% load experts_board %}{% public_balance conference %}").render(Context({"conference": conference}))
    with CaptureQueriesContext(connection) as page:
        assert Client().get(reverse("public:conference", args=[conference.slug])).status_code == 200
    assert (len(balance), len(page)) == (10, 27)
