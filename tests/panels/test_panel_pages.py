"""The panel in the cockpit: what it shows, what each role may do, and how many queries it takes."""

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from conference.enums import Role
from conference.models import Conference, User
from panels.domain import invitations, seats
from panels.domain.needs import save_needs
from panels.enums import Channel, DeclineReason, InvitationState
from panels.models import Identity, Invitation
from panels.overview import overview, panel_sentence
from tests.factories import add_member, make_conference, make_drawn, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def organiser() -> User:
    return make_user()


@pytest.fixture
def conference(organiser: User) -> Conference:
    return make_drawn(organiser, auto_replace=False)[0]


def client_of(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def invite(conference: Conference, organiser: User) -> list[Invitation]:
    return invitations.invite_panel(conference=conference, actor=organiser)


def url(name: str, conference: Conference, *args: Any) -> str:
    return reverse(f"panels_desk:{name}", args=[conference.slug, *args])


def acts(conference: Conference, invitation: Invitation) -> list[tuple[str, dict[str, str]]]:
    """Every address that changes something, with data that would."""
    said = {"answer": "accepts", "channel": "telephone", "reason": "Appel de lundi."}
    return [
        (url("invite", conference), {"deadline": "2099-01-01T18:00"}),
        (url("invitation_answer", conference, invitation.uuid), said),
        (url("invitation_resend", conference, invitation.uuid), {}),
        (url("invitation_revoke", conference, invitation.uuid), {"reason": "Une erreur."}),
        (url("call_up", conference, invitation.seat.number), {}),
        (url("draw_start", conference), {"reason": "Un essai."}),
        (url("draw_stop", conference, 1), {}),
    ]


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


# -- Who may see and do what -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.ORGANISER, 200), (Role.FACILITATOR, 200), (Role.GUARANTOR, 200), (Role.STEERING, 404), (Role.OBSERVER, 404)],
)
def test_panel_is_seen_by_those_who_may_see_people(
    conference: Conference, organiser: User, role: Role, status: int
) -> None:
    invite(conference, organiser)
    client = client_of(add_member(conference, role=role))

    pages = [url("panel", conference), url("seat", conference, 1), url("panel_export", conference)]

    assert [client.get(page).status_code for page in pages] == [status] * 3


def test_organiser_of_another_conference_finds_nothing(conference: Conference, organiser: User) -> None:
    made = invite(conference, organiser)
    stranger = make_user()
    make_conference(stranger)
    client = client_of(stranger)

    pages = [
        url("panel", conference),
        url("seat", conference, 1),
        url("panel_export", conference),
        url("draw", conference),
    ]

    assert {client.get(page).status_code for page in pages} == {404}
    assert {client.post(page, data).status_code for page, data in acts(conference, made[0])} == {404}
    assert Invitation.objects.filter(state=InvitationState.PENDING, version=1).count() == 15


def test_invitation_of_another_conference_is_not_reached_through_ones_own(
    conference: Conference, organiser: User
) -> None:
    made = invite(conference, organiser)
    stranger = make_user()
    own = make_conference(stranger)

    for page, data in acts(own, made[0])[1:4]:
        assert client_of(stranger).post(page, data).status_code == 404
    assert Invitation.objects.filter(state=InvitationState.PENDING, version=1).count() == 15


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.GUARANTOR, Role.OBSERVER, Role.STEERING])
def test_role_that_may_only_read_changes_nothing(conference: Conference, organiser: User, role: Role) -> None:
    made = invite(conference, organiser)
    client = client_of(add_member(conference, role=role))

    assert {client.post(page, data).status_code for page, data in acts(conference, made[0])} == {404}
    assert Invitation.objects.filter(state=InvitationState.PENDING, version=1).count() == 15


def test_reader_is_offered_no_act(conference: Conference, organiser: User) -> None:
    invite(conference, organiser)
    client = client_of(add_member(conference, role=Role.GUARANTOR))

    pages = [client.get(url("panel", conference)), client.get(url("seat", conference, 1))]

    assert [page.content.decode().count(f'action="/desk/{conference.slug}/') for page in pages] == [0, 0]


def test_signed_out_person_is_sent_to_sign_in(conference: Conference) -> None:
    assert Client().get(url("panel", conference)).status_code == 302


def test_opening_the_acts_changes_nothing(conference: Conference, organiser: User) -> None:
    made = invite(conference, organiser)
    client = client_of(organiser)

    statuses = [client.get(page).status_code for page, _data in acts(conference, made[0])]

    assert statuses == [405] * 5 + [302, 405]


# -- Inviting ----------------------------------------------------------------------------------------------------------
def test_inviting_takes_the_deadline_on_the_conferences_clock(conference: Conference, organiser: User) -> None:
    day = (timezone.now() + timedelta(days=9)).date()

    client_of(organiser).post(url("invite", conference), {"deadline": f"{day}T18:00"})

    deadlines = {
        conference.local(invitation.deadline).isoformat(timespec="minutes")[:16]
        for invitation in Invitation.objects.all()
    }
    assert (Invitation.objects.count(), deadlines) == (15, {f"{day}T18:00"})


def test_second_click_invites_nobody_twice(conference: Conference, organiser: User) -> None:
    client = client_of(organiser)
    for _ in range(2):
        client.post(url("invite", conference), {"deadline": "2099-01-01T18:00"})

    assert Invitation.objects.count() == 15


def test_deadline_that_has_passed_is_refused_and_kept(conference: Conference, organiser: User) -> None:
    response = client_of(organiser).post(url("invite", conference), {"deadline": "2020-01-01T18:00"})

    assert (response.status_code, Invitation.objects.count()) == (422, 0)
    assert "2020-01-01T18:00" in response.content.decode()


def test_panel_before_the_draw_says_what_comes_first(organiser: User) -> None:
    page = client_of(organiser).get(url("panel", make_conference(organiser)))

    assert page.status_code == 200
    assert "Define the criteria" in words(page)


# -- One seat ----------------------------------------------------------------------------------------------------------
def test_telephone_answer_is_recorded_with_its_reason(conference: Conference, organiser: User) -> None:
    made = invite(conference, organiser)
    answer = {
        "answer": "declines",
        "channel": "telephone",
        "decline_reason": "work",
        "reason": "Appel de lundi à 10 h.",
    }

    client_of(organiser).post(url("invitation_answer", conference, made[0].uuid), answer)

    invitation = Invitation.objects.get(pk=made[0].pk)
    assert (invitation.state, invitation.channel, invitation.recorded_by, invitation.decline_reason) == (
        InvitationState.DECLINED,
        Channel.TELEPHONE,
        organiser,
        DeclineReason.WORK,
    )
    assert conference.events.get(verb="invitation.declined").reason == "Appel de lundi à 10 h."


def test_telephone_answer_without_a_reason_is_refused_and_kept(conference: Conference, organiser: User) -> None:
    made = invite(conference, organiser)

    response = client_of(organiser).post(
        url("invitation_answer", conference, made[0].uuid), {"answer": "accepts", "channel": "letter", "reason": " "}
    )

    assert response.status_code == 422
    assert Invitation.objects.get(pk=made[0].pk).state == InvitationState.PENDING


def test_new_link_kills_the_old_one(conference: Conference, organiser: User) -> None:
    made = invite(conference, organiser)

    client_of(organiser).post(url("invitation_resend", conference, made[0].uuid))

    assert Invitation.objects.get(pk=made[0].pk).version == 2


def test_taking_back_needs_a_reason(conference: Conference, organiser: User) -> None:
    made = invite(conference, organiser)
    client = client_of(organiser)

    refused = client.post(url("invitation_revoke", conference, made[0].uuid), {"reason": ""})
    assert (refused.status_code, Invitation.objects.get(pk=made[0].pk).state) == (422, InvitationState.PENDING)
    client.post(url("invitation_revoke", conference, made[0].uuid), {"reason": "N’habite plus le territoire."})

    assert Invitation.objects.get(pk=made[0].pk).state == InvitationState.REVOKED


def test_free_seat_names_the_alternate_whom_the_click_invites(conference: Conference, organiser: User) -> None:
    made = invite(conference, organiser)
    invitations.decline(invitation_id=made[0].pk)
    client = client_of(organiser)
    page = words(client.get(url("seat", conference, made[0].seat.number)))

    client.post(url("call_up", conference, made[0].seat.number))

    called = Invitation.objects.get(seat=made[0].seat, round=1)
    assert f"({called.volunteer.reference})" in page


def test_seat_that_is_held_cannot_be_called_up(conference: Conference, organiser: User) -> None:
    made = invite(conference, organiser)

    page = client_of(organiser).post(url("call_up", conference, made[0].seat.number), follow=True)

    assert "is not free any more" in words(page)
    assert Invitation.objects.count() == 15


def test_needs_are_shown_on_the_page_of_the_seat_only(conference: Conference, organiser: User) -> None:
    made = invite(conference, organiser)
    invitations.accept(invitation_id=made[0].pk)
    save_needs(invitation=made[0], diet="Sans arachide", image_consent=None)
    client = client_of(organiser)

    shown = [
        "Sans arachide" in client.get(page).content.decode()
        for page in (
            url("seat", conference, made[0].seat.number),
            url("panel", conference),
            url("panel_export", conference),
        )
    ]

    assert shown == [True, False, False]


@pytest.mark.parametrize(("said", "told"), [("declines", "Declined; replaced"), ("accepts", "Accepted")])
def test_seat_tells_its_life_with_date_way_and_who(organiser: User, said: str, told: str) -> None:
    conference, _draw = make_drawn(organiser, auto_replace=True)
    made = invite(conference, organiser)
    client = client_of(organiser)
    answer = {"answer": said, "channel": "letter"}

    client.post(
        url("invitation_answer", conference, made[0].uuid),
        answer | {"reason": "Coupon reçu.", "decline_reason": "work"},
    )

    page = words(client.get(url("seat", conference, made[0].seat.number)))
    reference = made[0].volunteer.reference
    assert told in page
    assert f"{reference} was invited to seat {made[0].seat.number}" in page
    assert f"Letter · {organiser} · Coupon reçu." in page
    assert ("E-mail: Refusal noted" if said == "declines" else "E-mail: Acceptance confirmed, with calendar") in page
    assert page.count("Work or studies") == (2 if said == "declines" else 1)  # once in the form


def test_bounce_is_shown_with_what_to_do(conference: Conference, organiser: User) -> None:
    made = invite(conference, organiser)
    Identity.objects.filter(pk=made[0].volunteer_id).update(
        phone="01 99 00 12 34", address="3 rue Haute", postcode="69001"
    )
    email = Identity.objects.get(pk=made[0].volunteer_id).email
    page = url("seat", conference, made[0].seat.number)
    client = client_of(organiser)
    before = words(client.get(page))

    for _ in range(2):
        invitations.mark_bounced(invitation_id=made[0].pk, email=email, at=timezone.now())

    after, seats_ = words(client.get(page)), words(client.get(url("panel", conference)))
    assert ("No e-mail arrives at" in before, f"No e-mail arrives at {email}" in after) == (False, True)
    for way in ("Call them on 01 99 00 12 34", "Write to them, from the page Letters", "correct their entry"):
        assert way in after
    assert "e-mail does not arrive" in seats_
    assert conference.events.filter(verb="invitation.bounced").count() == 1
    client.post(url("invitation_resend", conference, made[0].uuid))
    assert f"No e-mail arrives at {email}" not in words(client.get(page))


def test_bounce_of_an_address_that_was_corrected_since_says_nothing(conference: Conference, organiser: User) -> None:
    made = invite(conference, organiser)

    invitations.mark_bounced(invitation_id=made[0].pk, email="old@example.org", at=timezone.now())

    assert Invitation.objects.filter(bounced_at__isnull=False).count() == 0


@pytest.mark.parametrize("rounds", [1, 3])
def test_seat_takes_the_same_queries_for_a_short_and_a_long_life(organiser: User, rounds: int) -> None:
    conference, _draw = make_drawn(organiser, auto_replace=True)
    made = invite(conference, organiser)
    for _ in range(rounds):
        held = Invitation.objects.holding().get(seat=made[0].seat)
        invitations.decline(invitation_id=held.pk)
    client = client_of(organiser)
    client.get(url("seat", conference, made[0].seat.number))

    with CaptureQueriesContext(connection) as queries:
        client.get(url("seat", conference, made[0].seat.number))

    assert len(queries) == 12


# -- The list ----------------------------------------------------------------------------------------------------------
def test_export_guards_against_formulas_and_holds_who_sits(conference: Conference, organiser: User) -> None:
    made = invite(conference, organiser)
    Identity.objects.filter(volunteer=made[0].volunteer).update(
        last_name='=HYPERLINK("http://example.org")', phone="+33 1 99 00 00 00"
    )
    invitations.decline(invitation_id=made[1].pk)

    content = client_of(organiser).get(url("panel_export", conference)).content.decode("utf-8-sig")

    rows = list(csv.reader(io.StringIO(content)))
    assert len(rows) == 1 + 14
    assert (rows[1][4], rows[1][6]) == ('\'=HYPERLINK("http://example.org")', "'+33 1 99 00 00 00")
    assert rows[0][-1] == "Sexe"


@pytest.mark.parametrize("seats_", [1, 3])
def test_panel_takes_the_same_queries_for_one_seat_and_for_three(organiser: User, seats_: int) -> None:
    conference, _draw = make_drawn(organiser, seats=seats_, alternates=4, auto_replace=False)
    made = invite(conference, organiser)
    invitations.decline(invitation_id=made[0].pk)
    client = client_of(organiser)
    client.get(url("panel", conference))

    with CaptureQueriesContext(connection) as queries:
        client.get(url("panel", conference))

    assert len(queries) == 7


# -- The sentence ------------------------------------------------------------------------------------------------------
def test_sentence_counts_who_accepted_who_is_awaited_and_who_was_replaced(organiser: User) -> None:
    conference, _draw = make_drawn(organiser, auto_replace=True)
    made = invite(conference, organiser)
    for invitation in made[:12]:
        invitations.accept(invitation_id=invitation.pk)
    invitations.decline(invitation_id=made[12].pk)
    state = seats.panel_state(conference)

    with translation.override("en"):
        sentence = panel_sentence(conference, state)

    assert re.fullmatch(
        r"12 accepted, 3 waiting until \w+ \d+\s\w+ \d{4} at\s[\d.]+\s[ap]m, 1 declined and replaced\.", sentence
    )


def test_complete_panel_is_green_and_asks_for_nothing(organiser: User) -> None:
    conference, _draw = make_drawn(organiser)
    for invitation in invite(conference, organiser):
        invitations.accept(invitation_id=invitation.pk)

    found = overview(conference, seats.panel_state(conference))

    assert (found.meaning, found.act) == ("accepted", None)
