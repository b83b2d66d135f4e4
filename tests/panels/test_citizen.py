"""The citizen's pages: who gets in, what a scanner changes (nothing), and the answers."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conference.enums import Role
from conference.links import make_token
from conference.mail.enums import Kind
from conference.mail.models import Message
from conference.models import Event
from panels.access import SESSION_KEY
from panels.domain import invitations
from panels.enums import Channel, DeclineReason, InvitationState
from panels.models import Identity, Invitation, Needs
from tests.factories import add_member, make_drawn, make_session, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def invited() -> list[Invitation]:
    organiser = make_user()
    conference, _draw = make_drawn(organiser)
    make_session(conference)
    return invitations.invite_panel(conference=conference, actor=organiser)


def link(invitation: Invitation) -> str:
    return reverse("panels:invitation_link", args=[make_token("invitation", invitation.uuid, invitation.version)])


def visitor(invitation: Invitation) -> Client:
    """A browser (with CSRF checks off, see the test that has them on) that opened the link."""
    client = Client()
    assert client.get(link(invitation)).url == "/invitation/"  # type: ignore[attr-defined]
    return client


def everything() -> tuple[object, ...]:
    """All that an answer would change."""
    return (
        sorted(Invitation.objects.values_list("pk", "state", "version", "opened_at", "answered_at")),
        Event.objects.count(),
        Message.objects.count(),
        Needs.objects.count(),
    )


def text(response: object) -> str:
    return re.sub(r"\s+", " ", response.content.decode())  # type: ignore[attr-defined]


# -- The door ----------------------------------------------------------------------------------------------------------
def test_link_leaves_the_address_bar_at_once_and_is_not_passed_on(invited: list[Invitation]) -> None:
    response = Client().get(link(invited[0]))

    assert (response.status_code, response["Location"], response["Referrer-Policy"]) == (
        302,
        "/invitation/",
        "no-referrer",
    )
    assert "no-store" in response["Cache-Control"]


def test_link_page_shows_the_invitation_of_its_owner(invited: list[Invitation]) -> None:
    page = text(visitor(invited[0]).get("/invitation/"))

    assert invited[0].conference.question in page
    assert 'action="/invitation/accept/"' in page


def test_link_opens_a_session_under_a_new_key_and_keeps_who_is_signed_in(invited: list[Invitation]) -> None:
    organiser = make_user()
    client = Client()
    client.force_login(organiser)
    before = client.session.session_key

    client.get(link(invited[0]))

    assert client.session.session_key != before
    assert client.session["_auth_user_id"] == str(organiser.pk)
    assert organiser.name in text(client.get("/invitation/"))


def test_latest_link_wins(invited: list[Invitation]) -> None:
    client = visitor(invited[0])
    client.get(link(invited[1]))

    client.post("/invitation/accept/")

    assert states(invited[:2]) == [InvitationState.PENDING, InvitationState.ACCEPTED]


def states(of: list[Invitation]) -> list[str]:
    return [Invitation.objects.get(pk=invitation.pk).state for invitation in of]


def test_scanner_that_opens_the_link_three_times_changes_nothing(invited: list[Invitation]) -> None:
    before = everything()

    for _ in range(3):
        scanner = Client()
        assert scanner.head(link(invited[0])).status_code == 302
        assert SESSION_KEY not in scanner.session
        scanner.get(link(invited[0]), follow=True)
        for path in ("accept", "decline", "needs", "calendar.ics", "close", "lost"):
            scanner.get(f"/invitation/{path}/".replace(".ics/", ".ics"))
            scanner.head(f"/invitation/{path}/".replace(".ics/", ".ics"))

    assert everything() == before


def test_scanner_after_the_answer_changes_nothing(invited: list[Invitation]) -> None:
    visitor(invited[0]).post("/invitation/accept/")
    before = everything()

    for _ in range(3):
        Client().head(link(invited[0]))
        Client().get(link(invited[0]), follow=True)
        assert visitor(invited[0]).get("/invitation/accept/").status_code == 405

    assert everything() == before


@pytest.mark.parametrize("token", ["x", "A" * 46, "é" * 12, "A" * 4000])
def test_forged_link_leads_to_the_friendly_page(invited: list[Invitation], token: str) -> None:
    client = Client()
    response = client.get(reverse("panels:invitation_link", args=[token]), follow=True)

    assert response.status_code == 404
    assert 'action="/invitation/lost/"' in text(response)
    assert client.post("/invitation/accept/").status_code == 404


def test_expert_link_does_not_open_a_citizens_page(invited: list[Invitation]) -> None:
    token = make_token("expert", invited[0].uuid, invited[0].version)

    assert Client().get(reverse("panels:invitation_link", args=[token]))["Location"] == "/invitation/lost/"


def test_link_of_nobody_and_forged_link_say_the_same(invited: list[Invitation]) -> None:
    def page(token: str) -> str:
        shown = text(Client().get(reverse("panels:invitation_link", args=[token]), follow=True))
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", shown)

    assert page(make_token("invitation", uuid4(), 1)) == page("A" * 46)


def test_replaced_link_closes_the_page_it_had_opened(invited: list[Invitation]) -> None:
    client = visitor(invited[0])
    invitations.resend(invitation_id=invited[0].pk, actor=make_user())

    assert client.post("/invitation/accept/").status_code == 404
    assert states(invited[:1]) == [InvitationState.PENDING]


def test_page_without_a_link_asks_for_one() -> None:
    assert Client().get("/invitation/").status_code == 404


def test_erased_person_has_no_page_any_more(invited: list[Invitation]) -> None:
    client = visitor(invited[0])
    Identity.objects.filter(volunteer=invited[0].volunteer).delete()

    assert client.get("/invitation/").status_code == 404
    assert client.post("/invitation/accept/").status_code == 404
    assert Client().get(link(invited[0]))["Location"] == "/invitation/lost/"


def test_closing_the_page_forgets_the_invitation_and_nothing_else(invited: list[Invitation]) -> None:
    client = visitor(invited[0])
    client.post("/invitation/close/")

    assert client.get("/invitation/").status_code == 404
    assert states(invited[:1]) == [InvitationState.PENDING]


# -- A new link --------------------------------------------------------------------------------------------------------
def test_new_link_goes_to_the_address_on_file_and_the_answer_is_the_same_for_all(invited: list[Invitation]) -> None:
    old = link(invited[0])
    invitations.resend(invitation_id=invited[0].pk, actor=make_user())
    known, unknown = Client(), Client()
    known.get(old)
    unknown.get(reverse("panels:invitation_link", args=["A" * 46]))

    answers = [
        re.findall("<(h1|p).*?>(.*?)</", text(client.post("/invitation/lost/")).split("<h1")[1].split("</main>")[0])
        for client in (known, unknown)
    ]

    assert answers[0] == answers[1] != []
    assert Invitation.objects.get(pk=invited[0].pk).version == 2  # the living link lives on
    assert Message.objects.filter(kind=Kind.INVITATION, subject_id=str(invited[0].pk)).count() == 3


def test_new_link_is_not_sent_more_than_three_times_a_day(invited: list[Invitation]) -> None:
    old = link(invited[0])
    invitations.resend(invitation_id=invited[0].pk, actor=make_user())
    client = Client()
    client.get(old)

    assert [client.post("/invitation/lost/").status_code for _ in range(5)] == [200] * 5
    sent = Message.objects.filter(kind=Kind.INVITATION, subject_id=str(invited[0].pk))
    assert sent.count() == 2 + 3


def test_new_link_for_a_revoked_invitation_sends_nothing(invited: list[Invitation]) -> None:
    old = link(invited[0])
    invitations.revoke(invitation_id=invited[0].pk, actor=make_user(), reason="Une erreur.")
    client = Client()
    client.get(old)

    assert client.post("/invitation/lost/").status_code == 200
    assert Invitation.objects.get(pk=invited[0].pk).version == 2


# -- Answers -----------------------------------------------------------------------------------------------------------
def test_accepting_twice_is_accepting_once(invited: list[Invitation]) -> None:
    client = visitor(invited[0])

    answers = [client.post("/invitation/accept/")["Location"] for _ in range(2)]

    assert answers == ["/invitation/needs/"] * 2
    assert states(invited[:1]) == [InvitationState.ACCEPTED]
    assert Event.objects.filter(verb="invitation.accepted").count() == 1
    assert Message.objects.filter(kind=Kind.ACCEPTED).count() == 1


def test_answer_needs_the_form_of_our_own_page(invited: list[Invitation]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.get(link(invited[0]))

    assert client.post("/invitation/accept/").status_code == 403
    assert states(invited[:1]) == [InvitationState.PENDING]


def test_declining_keeps_the_reason_and_calls_up_an_alternate(invited: list[Invitation]) -> None:
    client = visitor(invited[0])
    assert "decline_reason" in text(client.get("/invitation/decline/"))

    client.post(
        "/invitation/decline/", {"decline_reason": DeclineReason.DATES, "note": "Je travaille ce jour-là."}, follow=True
    )

    invitation = Invitation.objects.get(pk=invited[0].pk)
    assert (invitation.state, invitation.decline_reason, invitation.decline_note, invitation.channel) == (
        InvitationState.DECLINED,
        DeclineReason.DATES,
        "Je travaille ce jour-là.",
        Channel.LINK,
    )
    assert Invitation.objects.filter(seat=invitation.seat, round=1).count() == 1


def test_declining_needs_no_reason(invited: list[Invitation]) -> None:
    visitor(invited[0]).post("/invitation/decline/")

    assert Invitation.objects.get(pk=invited[0].pk).decline_reason == DeclineReason.UNSAID


def test_declined_seat_can_be_taken_back_while_it_is_free() -> None:
    organiser = make_user()
    conference, _draw = make_drawn(organiser, auto_replace=False)
    invitation = invitations.invite_panel(conference=conference, actor=organiser)[0]
    client = visitor(invitation)
    client.post("/invitation/decline/")
    assert 'action="/invitation/accept/"' in text(client.get("/invitation/"))

    client.post("/invitation/accept/")

    assert states([invitation]) == [InvitationState.ACCEPTED]


def test_declined_seat_that_is_taken_is_told_in_kind_words(invited: list[Invitation]) -> None:
    client = visitor(invited[0])
    client.post("/invitation/decline/")
    assert 'action="/invitation/accept/"' not in text(client.get("/invitation/"))

    response = client.post("/invitation/accept/")

    assert response.status_code == 409
    assert 'role="alert"' in text(response)
    assert states(invited[:1]) == [InvitationState.DECLINED]


def test_accepted_seat_can_be_given_up_on_a_second_page(invited: list[Invitation]) -> None:
    client = visitor(invited[0])
    client.post("/invitation/accept/")
    assert "/invitation/decline/" in text(client.get("/invitation/"))
    assert states(invited[:1]) == [InvitationState.ACCEPTED]

    client.post("/invitation/decline/", {"decline_reason": DeclineReason.HEALTH})

    assert states(invited[:1]) == [InvitationState.DECLINED]


def past_deadline(invitation: Invitation) -> None:
    Invitation.objects.filter(pk=invitation.pk).update(deadline=timezone.now() - timedelta(hours=1))


def test_link_after_the_deadline_shows_that_time_has_ended_and_takes_no_answer(invited: list[Invitation]) -> None:
    client = visitor(invited[0])
    past_deadline(invited[0])
    page = client.get("/invitation/")
    assert (page.status_code, 'action="/invitation/accept/"' in text(page)) == (200, False)

    assert client.post("/invitation/accept/").status_code == 409
    assert client.post("/invitation/decline/").status_code == 409
    assert states(invited[:1]) == [InvitationState.PENDING]


def test_accepted_seat_can_be_given_up_after_the_deadline(invited: list[Invitation]) -> None:
    client = visitor(invited[0])
    client.post("/invitation/accept/")
    past_deadline(invited[0])

    client.post("/invitation/decline/")

    assert states(invited[:1]) == [InvitationState.WITHDRAWN]
    assert client.get("/invitation/").status_code == 200


def test_answers_have_a_brake(invited: list[Invitation]) -> None:
    client = visitor(invited[0])

    statuses = [client.post("/invitation/accept/").status_code for _ in range(31)]

    assert statuses == [302] * 30 + [409]


# -- Two people at one computer, and the hint of having been there -----------------------------------------------------
def test_answer_from_the_page_of_somebody_else_changes_nothing_and_says_whose_page_is_open(
    invited: list[Invitation],
) -> None:
    client = visitor(invited[0])
    assert f'name="of" value="{invited[0].uuid}"' in text(client.get("/invitation/"))
    Identity.objects.filter(pk=invited[1].volunteer_id).update(first_name="Zoé")
    client.get(link(invited[1]))

    answers = [
        client.post(f"/invitation/{act}/", {"of": str(invited[0].uuid)})
        for act in ("accept", "decline", "needs", "seen")
    ]

    assert [answer.status_code for answer in answers] == [409] * 4
    assert all("Zoé" in text(answer) for answer in answers)
    assert states(invited[:2]) == [InvitationState.PENDING] * 2


def test_page_that_takes_the_place_of_another_says_so_once_it_does(invited: list[Invitation]) -> None:
    client = visitor(invited[0])
    client.cookies["django_language"] = "en"
    alone = text(client.get("/invitation/"))
    client.get(link(invited[1]))

    shown = text(client.get("/invitation/"))

    assert ("Another person’s page" in alone, "Another person’s page" in shown) == (False, True)


def test_saying_that_one_will_answer_later_is_a_hint_and_no_answer(invited: list[Invitation]) -> None:
    client = visitor(invited[0])
    assert client.get("/invitation/seen/").status_code == 405
    assert Invitation.objects.filter(opened_at__isnull=False).count() == 0

    for _ in range(2):
        client.post("/invitation/seen/", {"of": str(invited[0].uuid)})

    assert list(Invitation.objects.filter(opened_at__isnull=False)) == [invited[0]]
    assert Event.objects.filter(verb="invitation.opened").count() == 1
    assert states(invited[:1]) == [InvitationState.PENDING]
    assert 'action="/invitation/seen/"' not in text(client.get("/invitation/"))


# -- Needs and calendar ------------------------------------------------------------------------------------------------
def test_needs_are_kept_and_no_answer_about_pictures_is_ticked(invited: list[Invitation]) -> None:
    client = visitor(invited[0])
    client.post("/invitation/accept/")
    assert "checked" not in text(client.get("/invitation/needs/"))

    client.post("/invitation/needs/", {"diet": "Sans gluten", "access": "Fauteuil roulant", "image_consent": "no"})

    needs = Needs.objects.get(volunteer=invited[0].volunteer)
    assert (needs.diet, needs.access, needs.image_consent) == ("Sans gluten", "Fauteuil roulant", False)
    assert "Sans gluten" in text(client.get("/invitation/"))
    assert "Sans gluten" not in str(list(Event.objects.values_list("data", "reason")))


def test_needs_may_leave_the_question_about_pictures_open(invited: list[Invitation]) -> None:
    client = visitor(invited[0])
    client.post("/invitation/accept/")

    client.post("/invitation/needs/", {"transport": "Pas de voiture"})

    assert Needs.objects.get(volunteer=invited[0].volunteer).image_consent is None


def test_needs_before_accepting_lead_back(invited: list[Invitation]) -> None:
    client = visitor(invited[0])

    assert client.post("/invitation/needs/", {"diet": "Sans gluten"})["Location"] == "/invitation/"
    assert Needs.objects.count() == 0


def test_calendar_holds_the_sessions(invited: list[Invitation]) -> None:
    response = visitor(invited[0]).get("/invitation/calendar.ics")

    assert response["Content-Type"].startswith("text/calendar")
    assert response.content.count(b"BEGIN:VEVENT") == 1


def test_a_member_who_may_only_read_has_no_other_way_to_answer(invited: list[Invitation]) -> None:
    client = Client()
    client.force_login(add_member(invited[0].conference, role=Role.OBSERVER))

    assert client.post("/invitation/accept/").status_code == 404
