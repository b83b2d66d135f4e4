"""The scanner of documents: a command, a function, none; what it says decides whether a file leaves."""

import io
import sys
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from conference import scanning
from conference.domain import documents
from conference.enums import DocumentAudience, ScanState
from conference.files import file_type
from conference.models import Conference, Document, Event, User
from conference.tasks import scan_document, scan_waiting
from tests.factories import make_conference, make_user

# Answers as clamdscan does: it reads the file that it is given last, and finds the harmless word.
TAGS = {ScanState.WAITING: "waiting", ScanState.CLEAN: "accepted", ScanState.INFECTED: "gone"}
FAKE = """
import pathlib, sys
content = pathlib.Path(sys.argv[-1]).read_bytes()
sys.exit(3 if b"BROKEN" in content else 1 if b"VIRUS" in content else 0)
"""


def looks_at(file: Any) -> bool:
    content = file.read()
    if b"BROKEN" in content:
        raise OSError("the scanner is away")
    return b"VIRUS" not in content


@pytest.fixture(params=["command", "function"])
def scanner(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> str:
    program = tmp_path / "fake scanner.py"
    program.write_text(FAKE)
    command = f"{sys.executable} '{program}' --no-summary"
    settings.DOCUMENT_SCANNER = command if request.param == "command" else "tests.conference.test_scanning.looks_at"
    return str(request.param)


@pytest.fixture
def olive(db: None) -> User:
    return make_user(name="Olive")


@pytest.fixture
def conference(olive: User, settings: Settings, tmp_path: Path) -> Conference:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return make_conference(olive)


def add(conference: Conference, actor: User, content: bytes = b"De l'eau.") -> Document:
    return documents.add_document(
        conference=conference, actor=actor, title="Note", audience=DocumentAudience.PUBLIC,
        file=SimpleUploadedFile("note.txt", content),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("content", "state"),
    [(b"De l'eau.", ScanState.CLEAN), (b"VIRUS", ScanState.INFECTED), (b"BROKEN", ScanState.FAILED)],
)
def test_what_the_scanner_says_is_kept(
    scanner: str, conference: Conference, olive: User, content: bytes, state: ScanState
) -> None:
    document = add(conference, olive, content)
    assert (document.scan, document.is_served) == (ScanState.WAITING, False)
    scan_document(document.pk)
    scan_document(document.pk)  # harmless when run twice
    document.refresh_from_db()
    assert (document.scan, document.is_served) == (state, state == ScanState.CLEAN)
    assert Event.objects.filter(verb="document.infected").count() == (1 if state == ScanState.INFECTED else 0)


def test_a_scanner_that_is_not_there_lets_nothing_out(conference: Conference, olive: User, settings: Settings) -> None:
    for absent in ("/nowhere/clamdscan --fdpass", "no.such.module.scan", "clamdscan-that-is-not-installed"):
        settings.DOCUMENT_SCANNER = absent
        assert scanning.scan(ContentFile(b"De l'eau.")) == ScanState.FAILED


def test_a_scanner_that_hangs_is_given_up(conference: Conference, settings: Settings, tmp_path: Path) -> None:
    program = tmp_path / "slow.py"
    program.write_text("import time; time.sleep(30)")
    settings.DOCUMENT_SCANNER, settings.DOCUMENT_SCANNER_SECONDS = f"{sys.executable} {program}", 1
    assert scanning.scan(ContentFile(b"De l'eau.")) == ScanState.FAILED


def test_the_sweep_finds_what_was_there_before_the_scanner(
    conference: Conference, olive: User, settings: Settings
) -> None:
    before = add(conference, olive)
    assert Document.objects.served().get() == before  # no scanner is set up
    scan_waiting()
    assert Document.objects.get().scan == ScanState.WAITING
    settings.DOCUMENT_SCANNER = "tests.conference.test_scanning.looks_at"
    assert not Document.objects.served().exists()
    scan_waiting()
    assert Document.objects.get().scan == ScanState.CLEAN


def test_what_could_not_be_read_is_tried_again_later(conference: Conference, olive: User, settings: Settings) -> None:
    settings.DOCUMENT_SCANNER = "tests.conference.test_scanning.looks_at"
    document = add(conference, olive, b"BROKEN")
    documents.scan_document(document_id=document.pk)
    assert documents.waiting_for_scan() == []
    Document.objects.update(scanned_at=timezone.now() - timedelta(minutes=11))
    assert documents.waiting_for_scan() == [document.pk]


def test_a_file_that_has_gone_meanwhile(conference: Conference, olive: User, settings: Settings) -> None:
    settings.DOCUMENT_SCANNER = "tests.conference.test_scanning.looks_at"
    document = add(conference, olive)
    document.file.storage.delete(str(document.file.name))
    scan_document(document.pk)
    document.refresh_from_db()
    assert document.scan == ScanState.FAILED
    document.delete()
    scan_document(document.pk)


def test_the_list_says_where_each_document_stands(conference: Conference, olive: User, settings: Settings) -> None:
    client = Client()
    client.force_login(olive)
    address = reverse("desk:documents", args=[conference.slug])
    document = add(conference, olive)
    assert "contrôl" not in client.get(address).content.decode().lower()  # no scanner, no word of it
    settings.DOCUMENT_SCANNER = "tests.conference.test_scanning.looks_at"
    download = reverse("desk:document", args=[conference.slug, document.uuid])
    for state, linked in ((ScanState.WAITING, False), (ScanState.CLEAN, True), (ScanState.INFECTED, False)):
        Document.objects.update(scan=state)
        page = client.get(address, headers={"accept-language": "en"}).content.decode()
        assert (f"tag--{TAGS[state]}" in page, f'href="{download}"' in page) == (True, linked)


# -- Slides ------------------------------------------------------------------------------------------------------------
def packed(**entries: bytes) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/"), content)
    file.seek(0)
    return file


TYPES = b"<Types/>"
ODP = b"application/vnd.oasis.opendocument.presentation"


def slides(*more: str) -> io.BytesIO:
    names = {"[Content_Types].xml": TYPES, "ppt/presentation.xml": b"<p/>", **dict.fromkeys(more, b"x")}
    return packed(**names)


@pytest.mark.parametrize(
    "inside",
    [
        (), ("ppt/slides/slide1.xml", "ppt/media/image1.png"), ("ppt/embeddings/Microsoft_Excel_Sheet.xlsx",),
        ("ppt/printerSettings/printerSettings1.bin",),
    ],
)  # fmt: skip
def test_slides_are_taken(inside: tuple[str, ...]) -> None:
    kind = file_type(slides(*inside), "exposé.pptx")
    assert kind is not None
    assert kind.content_type.endswith("presentationml.presentation")
    assert file_type(slides(*inside), "exposé.docx") is None


@pytest.mark.parametrize(
    "inside",
    [
        "ppt/vbaProject.bin", "ppt/activeX/activeX1.xml", "ppt/embeddings/oleObject1.bin", "ppt/embeddings/a.xlsm",
        "ppt/embeddings/a.doc", "ppt/media/setup.exe", "Scripts/python/a.py", "Basic/script-lc.xml",
    ],
)  # fmt: skip
def test_what_can_run_is_refused(inside: str) -> None:
    assert file_type(slides(inside), "exposé.pptx") is None
    odp = packed(**{"mimetype": ODP, "content.xml": b"<o/>", inside: b"x"})
    assert file_type(odp, "exposé.odp") is None


def test_open_slides_are_taken_and_spreadsheets_are_not() -> None:
    assert (
        getattr(file_type(packed(mimetype=ODP, **{"content.xml": b"<o/>"}), "a.odp"), "content_type", None)
        == ODP.decode()
    )
    book = {"[Content_Types].xml": TYPES, "xl/workbook.xml": b"<w/>"}
    assert file_type(packed(**book), "a.xlsx") is None
    assert file_type(packed(**book), "a.pptx") is None
    ods = packed(mimetype=b"application/vnd.oasis.opendocument.spreadsheet")
    assert file_type(ods, "a.ods") is None
