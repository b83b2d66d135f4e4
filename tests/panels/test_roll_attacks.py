"""What a broken or hostile device sends to the roll call."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conference.models import Membership
from tests.panels.test_attendance_pages import Stage, build

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage() -> Stage:
    return build()


def send(stage: Stage, body: str | bytes) -> Any:
    client = Client()
    client.force_login(Membership.objects.get(conference=stage.conference).user)
    return client.post(
        reverse("attendance:sync", args=[stage.conference.slug, stage.half]), body, content_type="application/json"
    )


BAD = {
    "nul in the name": {"kind": "signed", "typed": "Ca\x00mille"},
    "half a letter in the name": {"kind": "signed", "typed": "Ca\ud800mille"},
    "before all time": {"at": "0001-01-01T00:00:00+14:00"},
    "after all time": {"at": "9999-12-31T23:59:59-14:00"},
    "very old": {"at": "0001-01-01T00:00:00+00:00"},
    "an hour with a zone": {"kind": "late", "clock": "10:00+02:00"},
    "an hour with micro": {"kind": "late", "clock": "10:00:00.123456"},
    "identifier list": {"uuid": []},
    "who number": {"who": 7},
    "kind list": {"kind": ["present"]},
    "strokes text": {"kind": "signed", "strokes": "M0 0"},
    "long name": {"kind": "signed", "typed": "x" * 500},
}


@pytest.mark.parametrize("wrong", BAD.values(), ids=BAD.keys())
def test_one_bad_mark_does_not_hold_up_the_others(stage: Stage, wrong: dict[str, Any]) -> None:
    who = str(stage.people[0].uuid)
    good = {"uuid": str(uuid4()), "who": who, "kind": "present", "at": timezone.now().isoformat()}
    bad = {**good, "uuid": str(uuid4()), **wrong}

    response = send(stage, json.dumps({"marks": [bad, good], "device": "tablet"}))

    assert response.status_code == 200
    assert good["uuid"] in response.json()["held"]


@pytest.mark.parametrize("body", ["[" * 200_000, '{"marks": []', "7", "[]", '{"marks": 3}', b"\xff\xfe"])
def test_what_is_no_sending_is_refused(stage: Stage, body: Any) -> None:
    assert send(stage, body).status_code == 400


@pytest.mark.parametrize("device", ["a\x00b", "\ud800", ["x"], "y" * 500])
def test_the_device_may_call_itself_anything(stage: Stage, device: Any) -> None:
    good = {"uuid": str(uuid4()), "who": str(stage.people[0].uuid), "kind": "present", "at": timezone.now().isoformat()}
    response = send(stage, json.dumps({"marks": [good], "device": device}))
    assert (response.status_code, response.json()["held"]) == (200, [good["uuid"]])


def test_another_site_sends_no_marks(stage: Stage) -> None:
    """A page elsewhere may send text of its own making with the facilitator's cookies, but not our token."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(Membership.objects.get(conference=stage.conference).user)
    where = reverse("attendance:sync", args=[stage.conference.slug, stage.half])
    assert client.post(where, '{"marks": []}', content_type="text/plain").status_code == 403
