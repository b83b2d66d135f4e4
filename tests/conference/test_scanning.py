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
from django.utils import timezone, translation
from pytest_django.fixtures import Settings

from conference import scanning
from conference.domain import documents
from conference.domain.errors import DomainError
from conference.enums import DocumentAudience, ScanState
from conference.file_kinds import FileType, Problem
from conference.files import examine
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


TYPES = b"<Types>application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml</Types>"
ODP = b"application/vnd.oasis.opendocument.presentation"


def slides(*more: str, types: bytes = TYPES) -> io.BytesIO:
    names = {"[Content_Types].xml": types, "ppt/presentation.xml": b"<p/>", **dict.fromkeys(more, b"x")}
    return packed(**names)


def open_slides(**more: bytes) -> io.BytesIO:
    return packed(**{"mimetype": ODP, "content.xml": b"<o/>", **more})


def kind_of(found: FileType | Problem) -> str:
    return found.content_type if isinstance(found, FileType) else found.name


@pytest.mark.parametrize(
    "inside",
    [
        (), ("ppt/slides/slide1.xml", "ppt/media/image1.png"), ("ppt/embeddings/Microsoft_Excel_Sheet.xlsx",),
        ("ppt/printerSettings/printerSettings1.bin",),
    ],
)  # fmt: skip
def test_slides_are_taken(inside: tuple[str, ...]) -> None:
    assert kind_of(examine(slides(*inside), "exposé.pptx")).endswith("presentationml.presentation")
    assert examine(slides(*inside), "exposé.docx") == Problem.OTHER


@pytest.mark.parametrize(
    "inside",
    [
        "ppt/vbaProject.bin", "ppt/activeX/activeX1.xml", "ppt/embeddings/oleObject1.bin", "ppt/embeddings/a.xlsm",
        "ppt/embeddings/a.doc", "ppt/media/setup.exe", "Scripts/python/a.py", "Basic/script-lc.xml", "ppt/media/a.zip",
    ],
)  # fmt: skip
def test_what_can_run_is_refused(inside: str) -> None:
    assert examine(slides(inside), "exposé.pptx") == Problem.RUNS
    assert examine(open_slides(**{inside: b"x"}), "exposé.odp") == Problem.RUNS


def test_a_macro_under_an_innocent_name_is_found_by_the_list_of_contents() -> None:
    for word in (
        b"application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml",
        b"application/vnd.ms-office.vbaProject",
    ):
        assert examine(slides("ppt/notes.xml", types=TYPES + word), "exposé.pptx") == Problem.RUNS
    assert examine(slides(types=b"<Types/>"), "exposé.pptx") == Problem.OTHER  # it names no presentation
    assert examine(slides(types=TYPES.decode().encode("utf-16")), "exposé.pptx") == Problem.OTHER
    for name in ("exposé.pptm", "note.docm"):
        assert examine(slides(), name) == Problem.RUNS


def test_open_slides_are_taken_and_spreadsheets_are_not() -> None:
    assert kind_of(examine(open_slides(), "a.odp")) == ODP.decode()
    book = {"[Content_Types].xml": TYPES, "xl/workbook.xml": b"<w/>"}
    assert examine(packed(**book), "a.xlsx") == Problem.OTHER
    assert examine(packed(**book), "a.pptx") == Problem.OTHER
    ods = packed(mimetype=b"application/vnd.oasis.opendocument.spreadsheet")
    assert examine(ods, "a.ods") == examine(ods, "a.odp") == Problem.OTHER


def bomb(*, parts: int, size: int) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("mimetype", ODP)
        for number in range(parts):
            archive.writestr(f"Pictures/{number}.png", bytes(size))
    file.seek(0)
    return file


def test_zip_bombs_are_refused_by_what_they_say_of_themselves() -> None:
    large = bomb(parts=11, size=20 * 1024 * 1024)
    assert large.getbuffer().nbytes < 2 * 1024 * 1024
    assert examine(large, "exposé.odp") == Problem.TOO_LARGE_INSIDE
    assert examine(bomb(parts=5001, size=0), "exposé.odp") == Problem.TOO_LARGE_INSIDE
    assert kind_of(examine(bomb(parts=1, size=10**6), "exposé.odp")) == ODP.decode()


def test_a_bomb_that_lies_about_its_size_is_damaged() -> None:
    size = 20 * 1024 * 1024
    content = bomb(parts=1, size=size).getvalue().replace(size.to_bytes(4, "little"), (9).to_bytes(4, "little"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.getinfo("Pictures/0.png").file_size == 9
    assert examine(io.BytesIO(content), "exposé.odp") == Problem.DAMAGED


def test_parts_that_lie_over_one_another_are_damaged() -> None:
    """One compressed part that the list names a thousand times is the smallest of bombs."""
    content = packed(**{"mimetype": ODP, "content.xml": b"<o/>" * 100}).getvalue()
    at = content.index(b"PK\x01\x02", content.index(b"PK\x01\x02") + 1)
    end = content.index(b"PK\x05\x06")
    entry = content[at:end].replace(b"content.xml", b"another.xml")
    tail = bytearray(content[end:])
    tail[8:12] = (3).to_bytes(2, "little") * 2
    tail[12:16] = (int.from_bytes(tail[12:16], "little") + len(entry)).to_bytes(4, "little")
    assert examine(io.BytesIO(content[:end] + entry + bytes(tail)), "exposé.odp") == Problem.DAMAGED


def test_what_nobody_can_look_into_is_refused() -> None:
    manifest = {"META-INF/manifest.xml": b"<manifest:encryption-data/>"}
    assert examine(open_slides(**manifest), "a.odp") == Problem.LOCKED
    assert examine(io.BytesIO(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)), "a.pptx") == Problem.OLD_OFFICE
    assert examine(io.BytesIO(b"anything"), "exposé.ppt") == Problem.OLD_OFFICE


@pytest.mark.parametrize(
    ("name", "file", "says"),
    [
        ("a.odp", slides(), "kind that is not taken"),
        ("a.pptx", slides("ppt/vbaProject.bin"), "macro or a program"),
        ("a.odp", bomb(parts=11, size=20 * 1024 * 1024), "far too large"),
        ("a.odp", open_slides(**{"META-INF/manifest.xml": b"encryption-data"}), "protected by a password, so nobody"),
        ("a.doc", io.BytesIO(b"x"), "old kind of Office"),
        ("a.docx", io.BytesIO(b"PK\x03\x04 broken"), "damaged"),
    ],
)
def test_each_refusal_says_what_to_do(name: str, file: io.BytesIO, says: str) -> None:
    with translation.override("en"), pytest.raises(DomainError, match=says):
        documents.check_file(SimpleUploadedFile(name, file.getvalue()))
