"""Messages to many: a free one to a chosen audience, to those not drawn, thanks; each person once, after the number was shown."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from conference.audiences import audience
from conference.domain.sessions import cancel_session, change_session
from conference.enums import Role
from conference.mail.domain.delivery import dispatch, prepare
from conference.mail.enums import Cause, Kind, State
from conference.mail.models import FreeMessage, Message, OptOut, Suppression
from conference.models import Conference, Event, User
from experts.enums import ExpertState
from panels.domain.invitations import accept, decline, invite_panel
from panels.enums import Channel, Standing
from panels.models import Criterion, Identity, Invitation, Value, Volunteer
from tests.experts.factories import make_expert, make_part
from tests.factories import add_member, make_drawn, make_session, make_user
from tests.mail.test_page import client_of
from tests.sink import MailSink

pytestmark = pytest.mark.django_db
PANEL, ALTERNATES, OTHERS = 15, 4, 11


@pytest.fixture
def organiser(db: None) -> User:
    return make_user("olive@example.org", name="Olive")


@pytest.fixture
def conference(organiser: User) -> Conference:
    """Three have accepted, one has declined (an alternate was called up), the others are awaited."""
    conference, _draw = make_drawn(organiser)
    invited = invite_panel(conference=conference, actor=organiser)
    for invitation in invited[:3]:
        accept(invitation_id=invitation.pk, channel=Channel.TELEPHONE, actor=organiser, reason="au téléphone")
    decline(invitation_id=invited[3].pk, channel=Channel.TELEPHONE, actor=organiser, reason="au téléphone")
    return conference


def complete(conference: Conference, organiser: User) -> None:
    for invitation in Invitation.objects.filter(conference=conference).holding():
        if invitation.state != "accepted":
            accept(invitation_id=invitation.pk, channel=Channel.TELEPHONE, actor=organiser, reason="au téléphone")


def page(conference: Conference) -> str:
    return reverse("mail:free", args=[conference.slug])


def words(*groups: str, **changed: object) -> dict[str, Any]:
    return {
        "groups": list(groups),
        "once": str(uuid4()),
        "subject_fr": "Le train de samedi",
        "body_fr": "Bonjour {first_name},\n\nLe train part à **9 h**.",
        "subject_en": "",
        "body_en": "",
        **changed,
    }


def free(state: str = "") -> int:
    found = Message.objects.filter(kind=Kind.FREE)
    return found.filter(state=state).count() if state else found.count()


# -- To whom -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        (["panel"], 3),
        (["waiting"], PANEL - 4 + 1),
        (["declined"], 1),
        (["alternates"], ALTERNATES - 1),
        (["not_drawn"], OTHERS),
        (["pool"], PANEL + ALTERNATES + OTHERS),
        (["panel", "waiting", "pool"], PANEL + ALTERNATES + OTHERS),
        (["colleagues"], 2),
        (["experts"], 1),
        (["experts_invited"], 1),
        (["zzz"], 0),
    ],
)
def test_each_group_is_whom_it_says(groups: list[str], expected: int, conference: Conference) -> None:
    add_member(conference, role=Role.OBSERVER)
    make_expert(conference, ExpertState.ACCEPTED)
    make_expert(conference, ExpertState.INVITED)

    assert audience(conference, groups, {}).count == expected


def test_by_session_and_by_criterion(conference: Conference) -> None:
    session, other = make_session(conference), make_session(conference)
    speaker = make_expert(conference)
    make_part(speaker, session)
    make_part(speaker, session, subject="Une deuxième fois")
    criterion = Criterion.objects.get(conference=conference)
    women = Value.objects.get(criterion=criterion, name="Femme")

    assert [one.key for one in audience(conference, [f"session_{session.pk}"], {}).recipients] == [
        f"expert:{speaker.pk}"
    ]
    assert audience(conference, [f"session_{other.pk}"], {}).count == 0
    narrowed = audience(conference, ["pool", "colleagues"], {f"criterion_{criterion.pk}": str(women.pk)})
    expected = Volunteer.objects.filter(conference=conference, traits__value=women)
    assert {one.key for one in narrowed.recipients} == {f"volunteer:{one.pk}" for one in expected}


def test_who_cannot_or_will_not_be_written_to_is_counted_apart(conference: Conference) -> None:
    people = list(Identity.objects.filter(conference=conference).order_by("pk"))
    Identity.objects.filter(pk=people[0].pk).update(email="")
    Suppression.objects.create(
        recipient_key=f"volunteer:{people[1].volunteer_id}", email=people[1].email, cause=Cause.BOUNCED
    )
    OptOut.objects.create(conference=conference, recipient_key=f"volunteer:{people[2].volunteer_id}", cause=Cause.LINK)

    found = audience(conference, ["pool"], {})

    assert (found.count, found.without_address, found.dead_address, found.left) == (27, 1, 1, 1)


def test_another_conferences_people_are_never_reached(conference: Conference) -> None:
    other, _draw = make_drawn(seats=15)

    mine = {one.key for one in audience(conference, ["pool"], {}).recipients}
    assert mine & {one.key for one in audience(other, ["pool"], {}).recipients} == set()


# -- Writing and sending -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", list(Role))
def test_only_organisers_write_to_many(role: Role, conference: Conference) -> None:
    client = client_of(add_member(conference, role=role))
    may = role == Role.ORGANISER

    statuses = [
        client.get(page(conference)).status_code,
        client.post(page(conference), words("panel", act="confirm")).status_code,
        client.post(page(conference), words("panel", act="send", expected=3)).status_code,
    ]

    assert statuses == ([200, 200, 302] if may else [404, 404, 404])
    assert free() == (3 if may else 0)


def test_nothing_goes_before_the_number_was_shown(conference: Conference, organiser: User) -> None:
    client, data = client_of(organiser), words("panel")

    shown = client.post(page(conference), {**data, "act": "confirm"}).content.decode()
    unasked = client.post(page(conference), {**data, "act": "send"}).content.decode()
    wrong = client.post(page(conference), {**data, "act": "send", "expected": 4}).content.decode()

    assert "This message goes to 3 people" in shown
    assert "Meanwhile the number has changed" in unasked
    assert "Meanwhile the number has changed" in wrong
    assert (free(), FreeMessage.objects.count()) == (0, 0)


def test_each_person_gets_it_once_with_their_name(conference: Conference, organiser: User, mail_sink: MailSink) -> None:
    client, data = client_of(organiser), words("panel", "pool", act="send", expected=30)

    answers = [client.post(page(conference), data).status_code for _click in range(2)]
    Message.objects.exclude(kind=Kind.FREE).update(state=State.CANCELLED)
    dispatch()

    assert (answers, free(State.SENT), FreeMessage.objects.count()) == ([302, 302], 30, 1)
    one = Message.objects.filter(kind=Kind.FREE)[0]
    assert one.subject == "Le train de samedi"
    assert one.body_text.startswith("Bonjour Camille,\n\nLe train part à 9 h.")
    event = Event.objects.get(verb="message.free")
    assert event.data == {"count": 30}
    letter = mail_sink.messages[0]
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["List-Unsubscribe"].strip("<>") in letter.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_each_in_their_language_where_both_were_written(conference: Conference, organiser: User) -> None:
    english = Identity.objects.filter(conference=conference, volunteer__invitations__state="accepted")[0]
    Identity.objects.filter(pk=english.pk).update(language="en")
    both = words(
        "panel", subject_en="The train", body_en="Dear {first_name}, the train leaves.", act="send", expected=3
    )
    only = words("panel", act="send", expected=3)
    client = client_of(organiser)

    client.post(page(conference), both)
    client.post(page(conference), only)

    key = f"volunteer:{english.volunteer_id}"
    subjects = [prepare(message)[1].subject for message in Message.objects.filter(kind=Kind.FREE).order_by("pk")]
    languages = list(
        Message.objects.filter(recipient_key=key, kind=Kind.FREE).order_by("pk").values_list("language", flat=True)
    )
    assert sorted(subjects) == sorted(["The train"] + ["Le train de samedi"] * 5)
    assert languages == ["en", "fr"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"groups": []}, "Choose to whom it goes."),
        ({"subject_fr": "", "body_fr": ""}, "Write a subject."),
        ({"body_fr": "Bonjour {firstname}"}, "There is no {firstname} here. Do you mean {first_name}?"),
        ({"subject_en": "Only a subject"}, "Write a text."),
        ({"body_fr": "{deadline}"}, "There is no {deadline} here."),
        ({"groups": ["experts"]}, "Nobody in this choice can be written to."),
    ],
)
def test_what_is_wrong_is_told_and_kept(
    changed: dict[str, Any], said: str, conference: Conference, organiser: User
) -> None:
    answer = client_of(organiser).post(page(conference), {**words("panel"), **changed, "act": "confirm"})

    shown = answer.content.decode()
    assert (answer.status_code, free()) == (422, 0)
    assert said in shown
    assert changed.get("body_fr", "Le train part à **9 h**.") in shown


def test_going_back_keeps_everything(conference: Conference, organiser: User) -> None:
    shown = client_of(organiser).post(page(conference), words("panel", act="change")).content.decode()

    assert 'value="Le train de samedi"' in shown
    assert "Le train part à **9 h**." in shown
    assert 'value="panel"' in shown


def test_a_free_message_to_an_erased_person_is_cancelled(conference: Conference, organiser: User) -> None:
    client_of(organiser).post(page(conference), words("panel", act="send", expected=3))
    message = Message.objects.filter(kind=Kind.FREE)[0]
    Identity.objects.filter(volunteer=int(message.recipient_key.partition(":")[2])).delete()

    dispatch()

    message.refresh_from_db()
    assert (message.state, bool(message.state_reason)) == (State.CANCELLED, True)


# -- Not drawn, and thanks ---------------------------------------------------------------------------------------------
def send(client: Client, conference: Conference, kind: Kind, expected: int) -> int:
    client.post(reverse("mail:sending", args=[conference.slug, kind]), {"expected": expected})
    return Message.objects.filter(conference=conference, kind=kind).count()


def test_those_not_drawn_hear_it_once_the_panel_is_complete(
    conference: Conference, organiser: User, mail_sink: MailSink
) -> None:
    client = client_of(organiser)
    early = send(client, conference, Kind.NOT_DRAWN, OTHERS)
    complete(conference, organiser)
    left = Volunteer.objects.filter(conference=conference, entries__place="not_drawn").order_by("pk")
    Volunteer.objects.filter(pk=left[0].pk).update(standing=Standing.WITHDRAWN)
    shown = client.get(reverse("mail:texts", args=[conference.slug])).content.decode()

    wrong = send(client, conference, Kind.NOT_DRAWN, OTHERS)
    sent = send(client, conference, Kind.NOT_DRAWN, OTHERS - 1)
    again = send(client, conference, Kind.NOT_DRAWN, OTHERS - 1)
    Message.objects.exclude(kind=Kind.NOT_DRAWN).update(state=State.CANCELLED)
    dispatch()

    assert (early, wrong, sent, again) == (0, 0, OTHERS - 1, OTHERS - 1)
    assert f"Write to {OTHERS - 1} people" in shown
    one = Message.objects.filter(kind=Kind.NOT_DRAWN, state=State.SENT)
    assert one.count() == OTHERS - 1
    assert "30 personnes participaient au tirage pour 15 places" in one[0].body_text
    assert "List-Unsubscribe" not in mail_sink.messages[0]  # they must know
    assert Event.objects.filter(verb="message.to_many").count() == 1


def test_what_goes_to_many_is_shown_as_the_first_will_read_it(conference: Conference, organiser: User) -> None:
    complete(conference, organiser)
    client = client_of(organiser)

    page = client.get(reverse("mail:sending", args=[conference.slug, Kind.NOT_DRAWN])).content.decode()
    letter = client.get(
        page.split("<iframe", 1)[1].split('src="', 1)[1].split('"', 1)[0].replace("&amp;", "&")
    ).content.decode()

    assert "Send to 11 people" in page
    assert "30 personnes participaient" in letter
    assert "votre-lien-personnel" in letter
    assert Message.objects.filter(kind=Kind.NOT_DRAWN).count() == 0


def test_a_person_called_up_meanwhile_is_not_told_that_they_were_not_drawn(
    conference: Conference, organiser: User
) -> None:
    complete(conference, organiser)
    send(client_of(organiser), conference, Kind.NOT_DRAWN, OTHERS)
    message = Message.objects.filter(kind=Kind.NOT_DRAWN)[0]
    seat = Invitation.objects.filter(conference=conference).accepted()[0]
    Invitation.objects.filter(pk=seat.pk).update(volunteer=int(message.subject_id))

    dispatch()

    message.refresh_from_db()
    assert message.state == State.CANCELLED


def test_thanks_go_to_the_panel_and_to_those_who_spoke_after_the_end(conference: Conference, organiser: User) -> None:
    client = client_of(organiser)
    session = make_session(conference)
    speaker = make_expert(conference)
    make_part(speaker, session)
    make_expert(conference)  # accepted, and never spoke

    early = send(client, conference, Kind.THANKS, 3), send(client, conference, Kind.EXPERT_THANKS, 1)
    past = timezone.now() - timedelta(days=1)
    type(session).objects.filter(pk=session.pk).update(starts_at=past - timedelta(hours=5), ends_at=past)
    late = send(client, conference, Kind.THANKS, 3), send(client, conference, Kind.EXPERT_THANKS, 1)

    assert (early, late) == ((0, 0), (3, 1))
    for message in Message.objects.filter(kind__in=[Kind.THANKS, Kind.EXPERT_THANKS]):
        content, _rendered = prepare(message)
        assert content.action_url.endswith(f"/c/{conference.slug}/")
        assert content.leave_url


@pytest.mark.parametrize("role", list(Role))
def test_only_organisers_send_to_many(role: Role, conference: Conference) -> None:
    complete(conference, add_member(conference))
    client = client_of(add_member(conference, role=role))

    sent = send(client, conference, Kind.NOT_DRAWN, OTHERS)

    assert sent == (OTHERS if role == Role.ORGANISER else 0)
    answer = client.get(reverse("mail:sending", args=[conference.slug, Kind.INVITATION]))
    assert answer.status_code == 404


# -- Call-ups, and experts whose session changes -----------------------------------------------------------------------
def test_who_is_called_up_reads_that_a_seat_came_free(conference: Conference, organiser: User) -> None:
    called = Invitation.objects.get(conference=conference, round=1)
    message = Message.objects.get(kind=Kind.CALL_UP)

    content, rendered = prepare(message)

    assert message.subject_id == str(called.pk)
    assert rendered.subject.startswith("Une place s’est libérée pour vous")
    assert content.placeholders["deadline"] in rendered.subject
    assert Message.objects.filter(kind=Kind.INVITATION, subject_id=str(called.pk)).count() == 0


def calendar_of(message: Message) -> Any:
    content, _rendered = prepare(message)
    if not content.attachments:
        return None
    return Calendar.from_ical(content.attachments[0].content.decode()).walk("VEVENT")[0]


def test_experts_hear_that_their_session_changed(conference: Conference, organiser: User) -> None:
    session = make_session(conference)
    accepted, invited, elsewhere, gone = (
        make_expert(conference, state)
        for state in (ExpertState.ACCEPTED, ExpertState.INVITED, ExpertState.ACCEPTED, ExpertState.WITHDRAWN)
    )
    for expert in (accepted, invited, gone):
        make_part(expert, session, subject="L’eau")
    make_part(elsewhere, make_session(conference))

    change_session(session_id=session.pk, actor=organiser, fields={"place": "Ailleurs"})
    change_session(session_id=session.pk, actor=organiser, fields={"description": "Rien que des mots"})
    cancel_session(session_id=session.pk, actor=organiser, reason="La salle est fermée")

    told = Message.objects.filter(kind=Kind.EXPERT_SESSION_CHANGED)
    assert sorted(told.values_list("recipient_key", flat=True)) == sorted(
        [f"expert:{accepted.pk}", f"expert:{invited.pk}"] * 2
    )
    last = told.filter(recipient_key=f"expert:{accepted.pk}").order_by("-pk")[0]
    event = calendar_of(last)
    assert (str(event["uid"]), event["sequence"], str(event["status"])) == (f"{session.uid}@concitoyen", 3, "CANCELLED")
    assert calendar_of(told.filter(recipient_key=f"expert:{invited.pk}")[0]) is None
    assert "est annulée" in prepare(last)[1].subject
