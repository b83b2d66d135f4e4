"""Programs that open the links of a letter before its reader does, with and without cookies: nothing may change.

The whole database is compared, table by table. Two tables are left out, since they hold browsers and not people's
answers: the sessions (where a personal link is remembered) and the cache (which counts requests).
"""

import hashlib
import re
from collections.abc import Iterable
from datetime import date, timedelta
from email.message import EmailMessage

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conference.links import make_token
from conference.mail.domain import delivery
from conference.models import User
from experts.enums import ExpertState
from panels.domain import invitations
from panels.enums import Standing
from panels.models import Invitation
from tests.experts.factories import link as expert_link
from tests.experts.factories import make_expert
from tests.factories import make_drawn, make_session, make_user, make_volunteer
from tests.sink import MailSink

pytestmark = pytest.mark.django_db
BROWSERS = {"django_session", "conference_cache"}
PREFETCH = {"Purpose": "prefetch", "Sec-Purpose": "prefetch;prerender", "X-Moz": "prefetch"}
LINK = re.compile(r"""(?:href|src|action)=["']?(/(?!static/)[^"'#\s>]*)""")  # static files know no database


def database() -> dict[str, str]:
    """A digest of the content of each table."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names(cursor)) - BROWSERS):
            cursor.execute(f'SELECT t::text FROM "{table}" t ORDER BY 1')
            found[table] = hashlib.sha256(repr(cursor.fetchall()).encode()).hexdigest()
    return found


def scan(links: Iterable[str]) -> int:
    """Three times over: HEAD, GET and prefetch of every link, then of every address on the page it leads to."""
    links, visits = list(links), 0
    for _time in range(3):
        for link in links:
            cookies, none = Client(), Client()
            for client in (none, cookies):
                client.head(link)
                client.get(link, headers=PREFETCH)
                client.options(link)
                page = client.get(link, follow=True).content.decode(errors="replace")
                visits += 4
                for path in sorted(set(LINK.findall(page))):
                    path = path.replace("&amp;", "&")
                    client.head(path)
                    client.get(path, headers=PREFETCH)
                    client.get(path, follow=True)
                    visits += 3
    return visits


def links_in(letters: Iterable[EmailMessage]) -> list[str]:
    bodies = (letter.get_body(("plain",)) for letter in letters)
    texts = [str(body.get_content()) for body in bodies if body is not None]
    return sorted({path for text in texts for path in re.findall(r"http://testserver(/\S+)", text)})


@pytest.fixture
def organiser() -> User:
    return make_user()


@pytest.fixture
def invited(organiser: User) -> list[Invitation]:
    conference, _draw = make_drawn(organiser)
    make_session(conference)
    return invitations.invite_panel(conference=conference, actor=organiser)


def test_no_scanner_changes_an_invitation_before_or_after_the_answer(
    mail_sink: MailSink, invited: list[Invitation]
) -> None:
    delivery.dispatch()
    waiting, accepted, declined = invited[:3]
    links = links_in(mail_sink.messages)
    assert len(links) == len(invited)
    before = database()

    assert scan(links[:1]) > 2 * 3 * 10
    assert database() == before

    invitations.accept(invitation_id=accepted.pk)
    invitations.decline(invitation_id=declined.pk)
    delivery.dispatch()
    after = database()
    assert after["panels_invitation"] != before["panels_invitation"]
    tokens = [make_token("invitation", one.uuid, one.version) for one in (waiting, accepted, declined)]

    scan(reverse("panels:invitation_link", args=[token]) for token in tokens)

    assert database() == after


def test_no_scanner_confirms_a_registration(organiser: User, invited: list[Invitation]) -> None:
    conference = invited[0].conference
    conference.registration_opens = timezone.now() - timedelta(days=1)
    conference.erase_on = date(2099, 12, 31)
    conference.save()
    people = [make_volunteer(conference, standing=standing) for standing in (Standing.UNCONFIRMED, Standing.ELIGIBLE)]
    tokens = [make_token("volunteer", one.uuid, one.link_version) for one in people]
    before = database()

    scan(reverse("panels:registration_link", args=[token]) for token in tokens)

    assert database() == before


@pytest.mark.parametrize("state", [ExpertState.INVITED, ExpertState.ACCEPTED, ExpertState.DECLINED])
def test_no_scanner_answers_for_an_expert(invited: list[Invitation], state: ExpertState) -> None:
    expert = make_expert(invited[0].conference, state, invited_at=timezone.now())
    before = database()

    scan([expert_link(expert)])

    assert database() == before


def test_dead_and_forged_links_change_nothing_either(invited: list[Invitation]) -> None:
    token = make_token("invitation", invited[0].uuid, invited[0].version + 1)
    before = database()

    scan([reverse("panels:invitation_link", args=[token]), reverse("panels:invitation_link", args=["nonsense"])])

    assert database() == before
