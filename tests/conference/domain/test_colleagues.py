import pytest
from django.test import Client
from django.urls import reverse

from conference.domain import colleagues
from conference.domain.errors import DomainError
from conference.enums import Role
from conference.mail.domain.kinds import ReasonGone
from conference.mail.enums import Kind, State
from conference.mail.models import Message
from conference.mail_kinds import build_colleague_added
from conference.models import Conference, Event, Membership, User
from tests.conference.conftest import signed_in
from tests.factories import PASSWORD, add_member, make_user


def add(conference: Conference, actor: User, email: str = "ida@example.org", role: Role = Role.GUARANTOR) -> Membership:
    return colleagues.add_colleague(
        conference_id=conference.pk, actor=actor, email=email, name="Ida", role=role, public_title="", is_public=False
    )


def verbs() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("verb", flat=True))


def test_somebody_new_gets_an_account_without_a_password_and_a_letter(conference: Conference, olive: User) -> None:
    added = add(conference, olive, "Ida@Example.org")

    assert (added.user.email, added.user.name, added.role) == ("ida@example.org", "Ida", Role.GUARANTOR)
    assert added.user.has_usable_password() is False
    assert (added.user.may_create, added.user.is_superuser) == (False, False)
    message = Message.objects.get()
    assert (message.kind, message.recipient_email, message.state) == (
        Kind.COLLEAGUE_ADDED,
        "ida@example.org",
        State.SCHEDULED,
    )
    assert verbs() == ["colleague.added"]


def test_the_link_in_the_letter_sets_a_password_once(conference: Conference, olive: User) -> None:
    user = add(conference, olive).user
    content = build_colleague_added(Message.objects.get())
    path = content.action_url.removeprefix("http://testserver")
    client = Client()

    form = client.get(path, follow=True)
    client.post(form.redirect_chain[-1][0], {"password1": PASSWORD, "password2": PASSWORD})

    user.refresh_from_db()
    assert user.check_password(PASSWORD) is True
    again = client.get(path, follow=True)
    assert b'name="password1"' not in again.content


def test_the_letter_says_who_and_which_role(conference: Conference, olive: User) -> None:
    add(conference, olive)

    content = build_colleague_added(Message.objects.get())

    assert content.placeholders["role"] == "Garant·e"
    assert content.placeholders["added_by"] == "Olive"
    assert content.placeholders["first_name"] == "Ida"
    assert content.reply_to == "contact@example.org"


def test_who_has_a_password_is_led_to_the_conference(conference: Conference, olive: User) -> None:
    add(conference, olive, make_user("jean@example.org").email)

    content = build_colleague_added(Message.objects.get())

    assert content.action_url == f"http://testserver{reverse('desk:conference', args=[conference.slug])}"


def test_an_account_that_exists_is_used_whatever_the_case(conference: Conference, olive: User) -> None:
    jean = make_user("jean@example.org", name="Jean")

    added = add(conference, olive, "JEAN@example.org")

    assert (added.user, added.user.name) == (jean, "Jean")
    assert User.objects.count() == 2


def test_nobody_has_two_roles(conference: Conference, olive: User) -> None:
    add(conference, olive)

    with pytest.raises(DomainError):
        add(conference, olive, role=Role.OBSERVER)

    assert Membership.objects.get(user__email="ida@example.org").role == Role.GUARANTOR
    assert Message.objects.count() == 1


def test_a_closed_account_stays_closed(conference: Conference, olive: User) -> None:
    make_user("closed@example.org", is_active=False)

    with pytest.raises(DomainError):
        add(conference, olive, "closed@example.org")

    assert Membership.objects.filter(conference=conference).count() == 1


def test_changing_a_role_is_logged_with_the_old_one(conference: Conference, olive: User) -> None:
    added = add(conference, olive)

    colleagues.change_colleague(
        membership_id=added.pk, actor=olive, role=Role.OBSERVER, public_title="juriste", is_public=True
    )

    added.refresh_from_db()
    assert (added.role, added.public_title, added.is_public) == (Role.OBSERVER, "juriste", True)
    assert verbs() == ["colleague.added", "colleague.role_changed", "colleague.changed"]
    event = Event.objects.get(verb="colleague.role_changed")
    assert event.data == {"name": "Ida", "role": "observer", "before": "guarantor"}


@pytest.mark.parametrize("act", ["leave", "step down"])
def test_the_last_organiser_stays(conference: Conference, olive: User, act: str) -> None:
    mine = Membership.objects.get(user=olive)
    add_member(conference, make_user(is_active=False), Role.ORGANISER)  # a closed account runs nothing

    def step_away() -> None:
        if act == "leave":
            colleagues.remove_colleague(membership_id=mine.pk, actor=olive)
        else:
            colleagues.change_colleague(
                membership_id=mine.pk, actor=olive, role=Role.OBSERVER, public_title="", is_public=False
            )

    with pytest.raises(DomainError):
        step_away()

    mine.refresh_from_db()
    assert mine.role == Role.ORGANISER
    assert verbs() == []


def test_an_organiser_may_leave_when_another_stays(conference: Conference, olive: User) -> None:
    add_member(conference, role=Role.ORGANISER)

    colleagues.remove_colleague(membership_id=Membership.objects.get(user=olive).pk, actor=olive)

    assert Membership.objects.filter(user=olive).count() == 0
    assert User.objects.filter(pk=olive.pk).count() == 1
    assert signed_in(olive).get(reverse("desk:conference", args=[conference.slug])).status_code == 404


def test_a_letter_to_somebody_removed_does_not_leave(conference: Conference, olive: User) -> None:
    added = add(conference, olive)

    colleagues.remove_colleague(membership_id=added.pk, actor=olive)

    message = Message.objects.get()
    assert message.state == State.CANCELLED
    with pytest.raises(ReasonGone):
        build_colleague_added(message)


def test_a_new_link_only_for_those_without_a_password_and_once_an_hour(conference: Conference, olive: User) -> None:
    added = add(conference, olive)

    for _time in range(2):
        colleagues.send_link_again(membership_id=added.pk, actor=olive)
    with pytest.raises(DomainError):
        colleagues.send_link_again(membership_id=Membership.objects.get(user=olive).pk, actor=olive)

    assert Message.objects.count() == 2
