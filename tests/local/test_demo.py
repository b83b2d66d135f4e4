"""The demo loads whole, the same each time, and leaves the newcomer something to do."""

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from conference.mail.models import Message
from conference.models import Conference
from panels.domain.draws import feasibility_for
from panels.domain.seats import panel_state
from panels.enums import Standing
from panels.models import Identity, Volunteer

pytestmark = pytest.mark.django_db


def test_the_demo_has_one_conference_before_its_draw_and_one_with_a_complete_panel(
    capsys: pytest.CaptureFixture[str],
) -> None:
    call_command("load_demo")

    genome, water = (Conference.objects.get(slug=slug) for slug in ("edition-du-genome", "eaux-usees"))
    assert feasibility_for(genome).ready is True
    assert Volunteer.objects.filter(conference=genome, standing=Standing.REVIEW).count() == 3
    assert (panel_state(water).complete, len(panel_state(water).seats)) == (True, 18)
    assert panel_state(water).replaced == 2
    assert [session.starts_at.astimezone(genome.zone).isoweekday() for session in genome.sessions.all()] == [6, 6, 6, 7]


def test_loading_the_demo_sends_nothing_at_once() -> None:
    call_command("load_demo", verbosity=0)

    assert Message.objects.due(timezone.now()).count() == 0


def test_everybody_in_the_demo_is_invented() -> None:
    call_command("load_demo", verbosity=0)

    addresses = set(Identity.objects.exclude(email="").values_list("email", flat=True))
    assert {address.rsplit("@", 1)[1] for address in addresses} == {"example.org"}


def test_the_login_is_written_for_its_owner_only() -> None:
    call_command("load_demo", verbosity=0)

    path = Path(settings.HOME) / "demo.json"
    assert sorted(json.loads(path.read_text())) == ["email", "password"]
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_demo_is_not_loaded_over_a_conference_that_exists(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_demo", verbosity=0)

    call_command("load_demo", verbosity=0)

    assert Conference.objects.count() == 2
