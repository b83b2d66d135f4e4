"""Leaving optional messages: who may, by which way, what it does, and what it can never do."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from conference.links import make_token
from conference.mail.domain import delivery, kinds, outbox
from conference.mail.domain.kinds import Content
from conference.mail.domain.unsubscribe import unsubscribe_link
from conference.mail.enums import Cause, Kind, State
from conference.mail.models import Message, OptOut
from conference.models import Conference
from tests.factories import make_conference
from tests.sink import MailSink

pytestmark = pytest.mark.django_db
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture(autouse=True)
def kinds_of_these_tests() -> Iterator[None]:
    """COLLEAGUE_ADDED is optional here, BRIEFING_CHANGED a duty."""

    def build(message: Message) -> Content:
        names = ("first_name", "conference", "contact", "organiser", "added_by", "role", "change", "number", "briefing",
                 "question", "commissioner")  # fmt: skip
        return Content(dict.fromkeys(names, "Eau"), action_url="https://example.org/x", action_label="Ouvrir")

    before = dict(kinds._KINDS)
    kinds.register_kind(Kind.COLLEAGUE_ADDED, build, optional=True)
    kinds.register_kind(Kind.BRIEFING_CHANGED, build)
    yield
    kinds._KINDS.clear()
    kinds._KINDS.update(before)


def write(conference: Conference | None, key: str = "volunteer:1", kind: Kind = Kind.COLLEAGUE_ADDED) -> Message:
    return outbox.schedule(
        kind=kind,
        recipient=outbox.Recipient(key, f"{key.replace(':', '')}@example.org", "Camille", "fr"),
        conference_id=conference.pk if conference else None,
        occurrence=str(timezone.now()),
    )


@pytest.fixture
def path(client: Client, settings: Settings) -> str:
    settings.SITE_URL = "http://testserver"
    return unsubscribe_link(write(make_conference(title="Conférence sur l’eau"))).removeprefix("http://testserver")


def left() -> list[tuple[Any, ...]]:
    return list(OptOut.objects.values_list("recipient_key", "cause"))


def strict() -> Client:
    return Client(enforce_csrf_checks=True, headers={"accept-language": "fr"})


# -- In the message ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("site", ["https://c.example.org", f"https://{'conferences.' * 12}example.org"])
def test_an_optional_message_says_how_to_leave_with_one_click(
    mail_sink: MailSink, settings: Settings, site: str
) -> None:
    settings.SITE_URL = site
    message = write(make_conference())

    delivery.dispatch()

    [letter] = mail_sink.messages
    assert letter["List-Unsubscribe"] == f"<{unsubscribe_link(message)}>"
    assert ("List-Unsubscribe", f"<{unsubscribe_link(message)}>") in letter.raw_items()  # neither broken nor encoded
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_the_link_stands_in_both_forms_of_the_letter_and_not_in_the_kept_copy(mail_sink: MailSink) -> None:
    message = write(make_conference())
    link = unsubscribe_link(message)

    delivery.dispatch()

    [letter] = mail_sink.messages
    bodies = [letter.get_body((form,)) for form in ("plain", "html")]
    assert [body is not None and link in body.get_content() for body in bodies] == [True, True]
    message.refresh_from_db()
    assert message.body_text
    assert link not in message.body_text


def test_a_duty_does_not(mail_sink: MailSink) -> None:
    write(make_conference(), kind=Kind.BRIEFING_CHANGED)

    delivery.dispatch()

    [letter] = mail_sink.messages
    assert letter["List-Unsubscribe"] is None
    assert letter["List-Unsubscribe-Post"] is None


# -- Leaving and coming back -------------------------------------------------------------------------------------------
def test_a_mail_program_leaves_with_one_click_without_cookie_or_redirect(path: str) -> None:
    answer = strict().post(path, ONE_CLICK)

    assert (answer.status_code, answer.content, dict(answer.cookies)) == (200, b"", {})
    assert left() == [("volunteer:1", Cause.LINK)]


def test_clicking_twice_leaves_once(path: str) -> None:
    assert [strict().post(path, ONE_CLICK).status_code for _time in range(2)] == [200, 200]
    assert len(left()) == 1


def test_a_person_leaves_by_the_button_and_comes_back(path: str) -> None:
    client = Client(headers={"accept-language": "fr"})
    page = client.get(path)
    assert "Ne plus m’en envoyer" in page.content.decode()

    page = client.post(path, {"leave": "yes"}, follow=True)
    assert "Vous ne recevez plus de messages facultatifs" in page.content.decode()
    assert len(left()) == 1

    page = client.post(f"{path}again/", follow=True)
    assert "Ne plus m’en envoyer" in page.content.decode()
    assert left() == []


def test_coming_back_takes_a_form_of_ours(path: str) -> None:
    strict().post(path, ONE_CLICK)

    assert strict().post(f"{path}again/").status_code == 403
    assert len(left()) == 1


@pytest.mark.parametrize("body", [{}, {"List-Unsubscribe": "no"}, {"leave": "no"}, {"again": "yes"}])
def test_a_post_that_does_not_say_so_does_nothing(path: str, body: dict[str, str]) -> None:
    assert strict().post(path, body).status_code == 400
    assert left() == []


@pytest.mark.parametrize("before", [True, False])
def test_what_scanners_do_changes_nothing(path: str, before: bool) -> None:
    if before:
        strict().post(path, ONE_CLICK)
    was = left()
    for _time in range(3):
        for method in ("get", "head", "options", "put", "patch", "delete"):
            getattr(Client(), method)(path)
            getattr(Client(), method)(f"{path}again/")
    assert left() == was


def test_the_page_is_kept_by_nobody_and_found_by_no_search_engine(path: str) -> None:
    page = Client().get(path)

    assert "no-store" in page["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in page.content.decode()


def test_forged_foreign_and_malformed_links_open_nothing(path: str) -> None:
    message = Message.objects.get()
    others = [
        make_token("invitation", message.uuid, 0),
        make_token("unsubscribe", message.conference.uuid, 0),  # type: ignore[union-attr]
        path.split("/")[2][:-1],
        path.split("/")[2][:-2] + "AA",
        "x",
    ]
    for token in others:
        assert strict().get(f"/u/{token}/").status_code == 404
        assert strict().post(f"/u/{token}/", ONE_CLICK).status_code == 404
        assert Client().post(f"/u/{token}/again/").status_code == 404
    assert left() == []


# -- What follows ------------------------------------------------------------------------------------------------------
def test_who_has_left_gets_no_optional_message_of_this_conference_and_every_duty(
    path: str, mail_sink: MailSink
) -> None:
    conference = Conference.objects.get()
    Message.objects.update(state=State.SENT)
    strict().post(path, ONE_CLICK)
    optional, duty = write(conference), write(conference, kind=Kind.BRIEFING_CHANGED)
    elsewhere, neighbour = write(make_conference()), write(conference, "volunteer:2")

    delivery.dispatch()

    states = {message.pk: message.state for message in Message.objects.all()}
    assert states[optional.pk] == State.CANCELLED
    assert [states[message.pk] for message in (duty, elsewhere, neighbour)] == [State.SENT] * 3
    optional.refresh_from_db()
    assert optional.state_reason == "La personne ne souhaite pas de messages facultatifs"


def test_who_came_back_gets_them_again(path: str, mail_sink: MailSink) -> None:
    Message.objects.update(state=State.SENT)
    strict().post(path, ONE_CLICK)
    Client().post(f"{path}again/")
    message = write(Conference.objects.get())

    delivery.dispatch()

    message.refresh_from_db()
    assert message.state == State.SENT


def test_messages_without_a_conference_are_left_apart() -> None:
    message = write(None)
    token = make_token("unsubscribe", message.uuid, 0)
    strict().post(f"/u/{token}/", ONE_CLICK)
    strict().post(f"/u/{token}/", ONE_CLICK)

    assert OptOut.objects.get().conference is None
