"""What the cockpit's overview and the public page show of a panel."""

import re

import pytest
from django.template import Context, Template
from django.utils import translation

from conference.models import Conference, User
from panels.domain import invitations
from panels.models import Identity
from tests.factories import make_conference, make_criterion, make_drawn, make_user, make_volunteer

pytestmark = pytest.mark.django_db


@pytest.fixture
def organiser() -> User:
    return make_user()


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def public(conference: Conference) -> str:
    with translation.override("en"):
        return words(
            Template("{% load panels_public %}{% public_panel conference %}").render(
                Context({"conference": conference})
            )
        )


def overview(conference: Conference, *, may_manage: bool, may_view_people: bool = True) -> str:
    page = Template("{% load panels_desk %}{% panel_overview conference may_view_people %}")
    context = {"conference": conference, "may_manage": may_manage, "may_view_people": may_view_people}
    with translation.override("en"):
        return page.render(Context(context))


def accept_all(conference: Conference, organiser: User) -> None:
    for invitation in invitations.invite_panel(conference=conference, actor=organiser):
        invitations.accept(invitation_id=invitation.pk)


# -- Public ------------------------------------------------------------------------------------------------------------
def test_complete_panel_is_shown_in_shares_and_names_nobody(organiser: User) -> None:
    conference, _draw = make_drawn(organiser)
    Identity.objects.update(last_name="Vaubernier")
    accept_all(conference, organiser)

    page = public(conference)

    assert "15 citizens, drawn by lot, have accepted to take part." in page
    assert "Femme Panel 47 % Homme Panel 53 %" in page
    assert [word for word in ("Vaubernier", "V-0001", "@") if word in page] == []


def test_value_with_few_people_is_merged_or_left_out(organiser: User) -> None:
    conference, draw = make_drawn(organiser)
    age = make_criterion(conference, "Âge", [("18-34", 0, 15), ("35-64", 0, 15), ("65 et plus", 0, 15)])
    rare = make_criterion(conference, "Commune", [("Île", 0, 15), ("Continent", 0, 15)])
    seated = [entry.volunteer for entry in draw.entries.filter(place="panel").select_related("volunteer")]
    for number, volunteer in enumerate(seated):
        band = 0 if number < 2 else 1 if number < 9 else 2
        volunteer.traits.create(criterion=age, value=age.values.all()[band])
        volunteer.traits.create(criterion=rare, value=rare.values.all()[0 if number == 0 else 1])
    accept_all(conference, organiser)

    page = public(conference)

    assert "18-34 and 35-64 Panel 60 % 65 et plus Panel 40 %" in page
    assert [word for word in ("Commune", "Île", "Continent", "7 %", "13 %") if word in page.replace("47 %", "")] == []


def test_pool_is_shown_rounded_and_only_when_it_is_large(organiser: User) -> None:
    conference = make_conference(organiser)
    make_criterion(conference, "Sexe", [("Femme", 9, 9), ("Homme", 9, 9)])
    for number in range(49):
        make_volunteer(conference, {"Sexe": "Femme" if number < 27 else "Homme"})
    assert "Femme" not in public(conference)
    make_volunteer(conference, {"Sexe": "Homme"})

    page = public(conference)

    assert "About 50 volunteers have come forward." in page
    assert "Femme Volunteers 50 % Homme Volunteers 50 %" in page  # 27 and 23, both nearest to 25


# -- Cockpit -----------------------------------------------------------------------------------------------------------
def test_overview_leads_to_the_next_act(organiser: User) -> None:
    conference = make_conference(organiser)
    assert "Define the criteria" in overview(conference, may_manage=True)
    make_criterion(conference, "Sexe", [("Femme", 9, 9), ("Homme", 9, 9)])
    assert "Fill the pool" in overview(conference, may_manage=True)
    for number in range(20):
        make_volunteer(conference, {"Sexe": "Femme" if number % 2 else "Homme"})
    assert "Prepare the draw" in overview(conference, may_manage=True)

    drawn, _draw = make_drawn(organiser, auto_replace=False)
    assert "Send the invitations" in overview(drawn, may_manage=True)
    made = invitations.invite_panel(conference=drawn, actor=organiser)
    invitations.decline(invitation_id=made[0].pk)
    assert "Call up an alternate" in overview(drawn, may_manage=True)


def test_overview_offers_no_act_to_those_who_only_read(organiser: User) -> None:
    drawn, _draw = make_drawn(organiser)

    html = overview(drawn, may_manage=False, may_view_people=False)

    assert "<a " not in html
    assert "Nobody has been invited yet." in words(html)
