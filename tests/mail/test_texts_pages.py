"""The pages on which organisers write the words of messages: who may, what is kept, what is told."""

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conference.enums import Role
from conference.mail.domain import outbox
from conference.mail.domain.delivery import dispatch, prepare
from conference.mail.domain.texts import latest, text_in_force
from conference.mail.enums import Kind, State
from conference.mail.models import Message, TextVersion
from conference.models import Conference, Event, User
from panels.domain.invitations import invite_panel
from tests.factories import add_member, make_conference, make_drawn, make_session, make_user
from tests.mail.test_page import client_of
from tests.sink import MailSink

pytestmark = pytest.mark.django_db
SUBJECT = "Merci de répondre avant le {deadline}"
BODY = "Bonjour {first_name},\n\nNos mots à nous.\n\n{button}\n\nÀ bientôt"


def url(conference: Conference, kind: str = Kind.INVITATION, language: str = "fr", name: str = "text") -> str:
    return reverse(f"mail:{name}", args=[conference.slug, kind, language])


def posted(act: str = "save", **changed: object) -> dict[str, object]:
    return {"act": act, "subject": SUBJECT, "body": BODY, "base": 0, "once": str(uuid4()), "person": "", **changed}


@pytest.fixture
def organiser(db: None) -> User:
    return make_user(name="Olive")


@pytest.fixture
def conference(organiser: User) -> Conference:
    return make_conference(organiser)


# -- Who may what ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", list(Role))
def test_every_role_reads_and_only_organisers_write(role: Role, conference: Conference, organiser: User) -> None:
    client_of(organiser).post(url(conference), posted())
    client = client_of(add_member(conference, role=role))
    may = role == Role.ORGANISER

    reads = [
        reverse("mail:texts", args=[conference.slug]),
        url(conference),
        url(conference, name="text_letter"),
        reverse("mail:text_version", args=[conference.slug, Kind.INVITATION, "fr", 1]),
    ]
    assert [client.get(address).status_code for address in reads] == [200] * 4
    page = client.get(url(conference)).content.decode()
    assert ('id="text-form"' in page, "Back to the program" in page) == (may, may)
    assert client.get(reverse("mail:free", args=[conference.slug])).status_code == (200 if may else 404)
    for act in ("save", "preview", "test"):
        changed = posted(act, base=1, body=BODY + act)
        assert client.post(url(conference), changed).status_code == ({"save": 302}.get(act, 200) if may else 404)
    number = 2 if may else 1
    assert TextVersion.objects.count() == number
    restore = reverse("mail:text_restore", args=[conference.slug, Kind.INVITATION, "fr", 1])
    assert client.post(restore, {"base": number}).status_code == (302 if may else 404)
    assert client.post(url(conference, name="text_default"), {"base": number + may}).status_code == (
        302 if may else 404
    )
    assert TextVersion.objects.count() == (4 if may else 1)


def test_strangers_and_neighbours_find_nothing(conference: Conference) -> None:
    neighbour = make_user()
    make_conference(neighbour)

    for client in (client_of(make_user()), client_of(neighbour)):
        assert client.get(url(conference)).status_code == 404
        assert client.post(url(conference), posted()).status_code == 404
    assert Client().get(url(conference)).status_code == 302
    assert TextVersion.objects.count() == 0


@pytest.mark.parametrize(
    ("kind", "language"), [("account", "fr"), ("drill", "fr"), ("zzz", "fr"), ("invitation", "de")]
)
def test_what_cannot_be_written_is_not_there(kind: str, language: str, conference: Conference, organiser: User) -> None:
    assert client_of(organiser).get(url(conference, kind, language)).status_code == 404


@pytest.mark.parametrize("role", list(Role))
def test_who_may_not_see_people_sees_an_invented_one(role: Role, organiser: User) -> None:
    conference, _draw = make_drawn(organiser)
    invite_panel(conference=conference, actor=organiser)
    message = Message.objects.filter(kind=Kind.INVITATION).first()
    assert message is not None
    Message.objects.filter(pk=message.pk).update(recipient_name="Zoé Unique")
    client = client_of(add_member(conference, role=role))

    page = client.get(url(conference), {"person": str(message.uuid)}).content.decode()
    letter = client.get(url(conference, name="text_letter"), {"person": str(message.uuid)}).content.decode()

    sees = role in {Role.ORGANISER, Role.FACILITATOR, Role.GUARANTOR}
    invented = re.search(r"\b412 volont", letter) is not None  # of the invented example
    assert ("Zoé Unique" in page, invented) == (sees, not sees)


# -- Writing -----------------------------------------------------------------------------------------------------------
def test_what_is_saved_is_what_goes_out_and_what_went_out_stays(organiser: User, mail_sink: MailSink) -> None:
    conference, _draw = make_drawn(organiser)
    invite_panel(conference=conference, actor=organiser)
    first, second = Message.objects.filter(kind=Kind.INVITATION).order_by("pk")[:2]
    Message.objects.exclude(pk=first.pk).update(state=State.HELD)
    dispatch()

    answer = client_of(organiser).post(url(conference), posted())
    Message.objects.filter(pk=second.pk).update(state=State.SCHEDULED)
    dispatch()

    assert answer.status_code == 302
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (State.SENT, State.SENT)
    assert ("Nos mots" in first.body_text, "Nos mots" in second.body_text) == (False, True)
    assert second.subject.startswith("Merci de répondre avant le ")
    event = Event.objects.get(verb="text.changed")
    assert event.data == {"message": "invitation", "language": "fr", "number": 1}


def test_a_text_that_would_fail_is_refused_with_everything_kept(conference: Conference, organiser: User) -> None:
    wrong = posted(subject="Avant le {deadlin}", body="Bonjour {prenom}, <b>gras</b>")

    answer = client_of(organiser).post(url(conference), wrong)

    page = answer.content.decode()
    assert (answer.status_code, TextVersion.objects.count()) == (422, 0)
    assert "Do you mean {deadline}?" in page
    assert "{button} is missing" in page
    assert "Avant le {deadlin}</textarea>" in page
    assert "Bonjour {prenom}, &lt;b&gt;gras&lt;/b&gt;</textarea>" in page


def test_a_preview_saves_nothing_and_is_seen_by_its_writer_alone(conference: Conference, organiser: User) -> None:
    client = client_of(organiser)
    answer = client.post(url(conference), posted("preview"), headers={"X-Fragment": "1"})

    fragment = answer.content.decode()
    source = fragment.split('src="', 1)[1].split('"', 1)[0].replace("&amp;", "&")
    letter = client.get(source)
    other = client_of(add_member(conference, role=Role.ORGANISER))

    assert (answer.status_code, TextVersion.objects.count()) == (200, 0)
    assert "<html" not in fragment
    assert "Nos mots à nous." in letter.content.decode()
    assert "sandbox" in letter.headers["Content-Security-Policy"]
    assert "script-src" not in letter.headers["Content-Security-Policy"]
    assert letter.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert other.get(source).status_code == 404


def test_what_is_half_written_can_be_looked_at(conference: Conference, organiser: User) -> None:
    client = client_of(organiser)
    half = posted("preview", subject="Pour {firstname}", body="Bonjour {prenom}")

    fragment = client.post(url(conference), half, headers={"X-Fragment": "1"}).content.decode()
    letter = client.get(fragment.split('src="', 1)[1].split('"', 1)[0].replace("&amp;", "&")).content.decode()

    assert "Do you mean {first_name}?" in fragment
    assert ("Pour {firstname}" in fragment, "Bonjour {prenom}" in letter) == (True, True)


def test_a_preview_for_a_real_person_never_shows_their_link(organiser: User) -> None:
    conference, _draw = make_drawn(organiser)
    invite_panel(conference=conference, actor=organiser)
    message = Message.objects.filter(kind=Kind.INVITATION).first()
    assert message is not None
    content, rendered = prepare(message)
    client = client_of(organiser)

    page = client.get(url(conference), {"person": str(message.uuid)}).content.decode()
    letter = client.get(url(conference, name="text_letter"), {"person": str(message.uuid)}).content.decode()

    token = content.action_url.rstrip("/").rsplit("/", 1)[1]
    assert token in rendered.text
    assert [token in shown for shown in (page, letter)] == [False, False]
    assert "30 volontaires" in letter  # the real pool, not the invented one


def test_the_second_to_save_is_told_and_loses_nothing(conference: Conference, organiser: User) -> None:
    ada = add_member(conference, make_user(name="Ada"))
    client_of(ada).post(url(conference), posted(body=BODY.replace("Nos mots", "Mes mots")))
    client = client_of(organiser)

    told = client.post(url(conference), posted())
    page = told.content.decode()
    again = client.post(url(conference), posted(base=1))

    assert told.status_code == 409
    assert "Ada saved another version" in page
    assert "Nos mots à nous." in page
    assert '<input type="hidden" name="base" value="1"' in page
    assert again.status_code == 302
    assert [version.number for version in TextVersion.objects.order_by("number")] == [1, 2]
    assert text_in_force(conference.pk, Kind.INVITATION, "fr").body == BODY


def test_a_double_click_on_save_is_one_version(conference: Conference, organiser: User) -> None:
    client = client_of(organiser)

    assert [client.post(url(conference), posted()).status_code for _click in range(2)] == [302, 302]
    assert TextVersion.objects.count() == 1


def test_versions_can_be_read_and_put_back(conference: Conference, organiser: User) -> None:
    client = client_of(organiser)
    client.post(url(conference), posted())
    client.post(url(conference), posted(base=1, body=BODY + " {organiser}"))
    client.post(url(conference, name="text_default"), {"base": 2})

    second = client.get(reverse("mail:text_version", args=[conference.slug, Kind.INVITATION, "fr", 2]))
    client.post(reverse("mail:text_restore", args=[conference.slug, Kind.INVITATION, "fr", 1]), {"base": 3})
    late = client.post(reverse("mail:text_restore", args=[conference.slug, Kind.INVITATION, "fr", 2]), {"base": 3})

    assert "Compared with version 1" in second.content.decode()
    now = latest(conference.pk, Kind.INVITATION, "fr")
    assert now is not None
    assert (now.number, now.body, late.status_code) == (4, BODY, 302)
    verbs = list(Event.objects.filter(verb__startswith="text.").order_by("pk").values_list("verb", flat=True))
    assert verbs == ["text.changed", "text.changed", "text.default", "text.changed"]


def test_a_test_goes_to_oneself_once_and_opens_nothing(
    conference: Conference, organiser: User, mail_sink: MailSink
) -> None:
    client, data = client_of(organiser), posted("test")

    answers = [client.post(url(conference), data) for _click in range(2)]
    dispatch()

    assert [answer.status_code for answer in answers] == [200, 200]
    message = Message.objects.get(kind=Kind.TEST)
    assert (message.recipient_email, message.state) == (organiser.email, State.SENT)
    assert message.subject.startswith("[Essai] Merci de répondre avant le ")
    assert "Nos mots à nous." in message.body_text
    assert TextVersion.objects.count() == 0


def test_another_press_sends_another_test(conference: Conference, organiser: User) -> None:
    client = client_of(organiser)

    page = client.post(url(conference), posted("test")).content.decode()
    once = page.split('name="once" value="', 1)[1].split('"', 1)[0]
    client.post(url(conference), posted("test", once=once, body=BODY + " Encore."))

    bodies = Message.objects.filter(kind=Kind.TEST).order_by("pk").values_list("data__body", flat=True)
    assert list(bodies) == [BODY, BODY + " Encore."]


def test_a_wrong_text_is_not_sent_as_a_test(conference: Conference, organiser: User) -> None:
    page = client_of(organiser).post(url(conference), posted("test", body="{buton}")).content.decode()

    assert "The test is not sent" in page
    assert Message.objects.count() == 0


def test_an_editor_cannot_bring_code_into_the_cockpit(conference: Conference, organiser: User) -> None:
    bad = "<script>alert(1)</script>"
    client = client_of(organiser)
    client.post(url(conference), posted(subject=f"{{deadline}} {bad}\r\nBcc: x@example.org", body=BODY + bad))

    pages = [
        client.get(url(conference)),
        client.get(reverse("mail:text_version", args=[conference.slug, Kind.INVITATION, "fr", 1])),
        client.get(url(conference, name="text_letter")),
        client_of(add_member(conference, role=Role.OBSERVER)).get(url(conference)),
    ]

    assert [bad in page.content.decode() for page in pages] == [False] * 4
    kept = latest(conference.pk, Kind.INVITATION, "fr")
    assert kept is not None
    assert kept.subject == f"{{deadline}} {bad} Bcc: x@example.org"


def test_the_list_costs_the_same_whatever_was_edited(conference: Conference, organiser: User) -> None:
    client = client_of(organiser)
    costs = []
    for kind in (None, Kind.INVITATION, Kind.DECLINED, Kind.THANKS):
        if kind:
            client.post(url(conference, kind), posted(body=BODY if kind != Kind.DECLINED else "Bonjour"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("mail:texts", args=[conference.slug]))
        costs.append(len(queries))

    assert len(set(costs)) == 1
    assert costs[0] <= 30


def test_the_list_tells_who_edited_what(conference: Conference, organiser: User) -> None:
    client = client_of(organiser)
    client.post(url(conference), posted())

    page = client.get(reverse("mail:texts", args=[conference.slug])).content.decode()

    assert page.count("Your own<") == 1
    assert ", by Olive" in page
    assert "1 text is your own" in page


def test_a_person_who_would_not_be_written_to_is_shown_invented(organiser: User) -> None:
    conference, _draw = make_drawn(organiser)
    make_session(conference)
    member = add_member(conference, make_user(name="Ada Martin"), Role.OBSERVER)
    message = outbox.schedule(
        kind=Kind.COLLEAGUE_ADDED,
        recipient=outbox.Recipient(f"user:{member.pk}", member.email, "Ada Martin", "fr"),
        conference_id=conference.pk,
        subject_type="conference.membership",
        subject_id=0,
    )

    page = client_of(organiser).get(url(conference, Kind.COLLEAGUE_ADDED), {"person": str(message.uuid)})

    assert "Ada Martin would not be written to now (The colleague was removed)" in page.content.decode()
