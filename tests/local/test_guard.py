"""The fences around the test run itself."""

import os
import socket

import pytest
from django.db import connection

import conference.settings


def test_a_test_cannot_leave_the_machine() -> None:
    with pytest.raises(pytest.fail.Exception, match="stay on this machine"), socket.socket() as probe:
        probe.connect(("192.0.2.1", 80))
    with pytest.raises(pytest.fail.Exception, match="look up"):
        socket.create_connection(("example.org", 80))


@pytest.mark.django_db
def test_the_database_is_the_embedded_one_and_folds_accents() -> None:
    assert conference.settings.DATABASES["default"]["HOST"].startswith(("/tmp", "/var", "/private", "/run"))
    assert os.environ["DATABASE_URL"].endswith("socket")
    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS unaccent")
        cursor.execute("SELECT unaccent('Élève'), lower('ÉTÉ'), current_setting('server_encoding')")
        assert cursor.fetchone() == ("Eleve", "été", "UTF8")
