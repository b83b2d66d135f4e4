"""Importing a pool: files as people have them, ugly ones too."""

import io
import random
from collections.abc import Iterator, Sequence
from typing import Any

import openpyxl
import pytest
from django.core.files.storage import default_storage
from django.utils import translation

from conference.domain.errors import DomainError
from conference.models import Conference, Event, User
from panels.domain import imports
from panels.domain.imports.columns import guess_mapping
from panels.domain.volunteers import decide, withdraw_from_pool
from panels.enums import ImportState, Source, Standing
from panels.files import UnreadableFile, read_table
from panels.models import Criterion, Identity, PoolImport, Trait, Volunteer
from tests.factories import make_conference, make_criterion, make_user, make_volunteer

pytestmark = pytest.mark.django_db

HEAD = "Prénom;Nom;Courriel;Code postal;Année de naissance;Sexe;Âge"
ANNA = "Anna;Lefèvre;anna@example.org;75011;1985;Femme;25-44"
PAUL = "Paul;Martin;paul@example.org;69003;1970;Homme;45-64"


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def organiser() -> User:
    return make_user()


@pytest.fixture
def conference(organiser: User) -> Conference:
    conference = make_conference(organiser, seats=18)
    make_criterion(conference, "Sexe", [("Femme", 8, 10), ("Homme", 8, 10)])
    make_criterion(conference, "Âge", [("18-24", 1, 4), ("25-44", 5, 8), ("45-64", 5, 8), ("65 et plus", 2, 5)])
    return conference


def table(*rows: str) -> bytes:
    return "\n".join([HEAD, *rows]).encode()


def send(conference: Conference, actor: User, content: bytes, name: str = "pool.csv") -> PoolImport:
    upload = imports.start_import(conference=conference, actor=actor, content=content, filename=name)
    upload = imports.map_columns(upload=upload, mapping=upload.mapping)
    return imports.check_import(import_id=upload.pk)


def bring_in(
    conference: Conference, actor: User, content: bytes, name: str = "pool.csv", *, valid_only: bool = False
) -> PoolImport:
    upload = imports.confirm_import(upload=send(conference, actor, content, name), valid_only=valid_only)
    return imports.run_import(import_id=upload.pk)


def words(conference: Conference, upload: PoolImport) -> list[tuple[int, str, str]]:
    criteria = {c.pk: c for c in Criterion.objects.filter(conference=conference).prefetch_related("values")}
    return [(p["row"], p["column"], imports.problem_sentence(p, criteria)) for p in upload.problems]


def state_of(conference: Conference) -> tuple[Any, ...]:
    """Everything an import may change."""
    return (
        list(Volunteer.objects.filter(conference=conference).values_list("pk", "standing", "household", "reference")),
        list(Identity.objects.filter(conference=conference).values()),
        list(Trait.objects.filter(volunteer__conference=conference).order_by("pk").values()),
    )


# -- What is recognised -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_any_usual_encoding_and_delimiter_is_recognised(
    conference: Conference, organiser: User, encoding: str, delimiter: str
) -> None:
    content = f"{HEAD}\n{ANNA}\n{PAUL}\n".replace(";", delimiter).encode(encoding)

    done = bring_in(conference, organiser, content)

    assert (done.state, done.added, done.problem_count) == (ImportState.DONE, 2, 0)
    anna = Identity.objects.get(email="anna@example.org")
    assert (anna.first_name, anna.last_name, anna.postcode, anna.birth_year) == ("Anna", "Lefèvre", "75011", 1985)
    traits = (
        Trait.objects.filter(volunteer=anna.volunteer)
        .values_list("criterion__name", "value__name")
        .order_by("criterion__position")
    )
    assert list(traits) == [("Sexe", "Femme"), ("Âge", "25-44")]
    assert (anna.volunteer.source, anna.volunteer.standing) == (Source.IMPORT, Standing.ELIGIBLE)


def test_headers_are_guessed_as_people_write_them(conference: Conference) -> None:
    headers = [
        "N°",
        "PRENOM *",
        "Nom de famille",
        "Adresse électronique",
        "Tél. (portable)",
        "Adresse",
        "C.P.",
        "Commune",
        "Date de naissance",
        "Foyer",
        "langue",
        "SEXE",
        "Age",
        "Remarques",
    ]
    criteria = list(Criterion.objects.filter(conference=conference))

    guessed = guess_mapping(headers, criteria)

    sex, age = (f"criterion:{criterion.pk}" for criterion in criteria)
    assert list(guessed.values()) == [
        "external_id",
        "first_name",
        "last_name",
        "email",
        "phone",
        "address",
        "postcode",
        "city",
        "birth",
        "household",
        "language",
        sex,
        age,
        "",
    ]


def test_title_lines_above_the_header_and_row_numbers(conference: Conference, organiser: User) -> None:
    paul = "Paul;Martin;paul(at)example.org;69003;1970;Homme;45-64"
    content = f"Liste des volontaires;;;;;;\n\n{HEAD}\n{ANNA}\n{paul}\n".encode()

    upload = send(conference, organiser, content)

    assert upload.headers == HEAD.split(";")
    assert words(conference, upload) == [(5, "Courriel", "“paul(at)example.org” is not an e-mail address.")]


def workbook(rows: Sequence[Sequence[object]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.create_sheet(index=0)
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_spreadsheet_is_read_and_its_formulas_are_not_computed(conference: Conference, organiser: User) -> None:
    content = workbook(
        [
            HEAD.split(";"),
            ["Anna", "Lefèvre", "anna@example.org", 75011, 1985.0, "femme", "25 – 44"],
            ["=1+1", "Martin", "paul@example.org", 69003, 1970, "HOMME", "45-64"],
        ]
    )

    upload = send(conference, organiser, content, "volontaires.xlsx")

    assert (upload.form["kind"], upload.valid, upload.added) == ("xlsx", 1, 1)
    # openpyxl stores no computed value, so the cell of the formula is empty: nothing here computes it.
    assert words(conference, upload) == [(3, "Prénom", "This cell is empty.")]


def test_a_formula_in_a_csv_stays_text(conference: Conference, organiser: User) -> None:
    bring_in(conference, organiser, table('=HYPERLINK("x");Martin;paul@example.org;69003;1970;Homme;45-64'))

    assert Identity.objects.get(conference=conference).first_name == '=HYPERLINK("x")'


# -- Ugly files get the right words and change nothing ------------------------------------------------------------
def _bomb() -> bytes:
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 450_000_000)
    return out.getvalue()


def _far_corners() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.create_sheet(index=0)
    sheet["A1"] = "Prénom"
    sheet["XFD1048576"] = "x"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "pool.csv", "This file is empty"),
        (b"\xef\xbb\xbf \r\n", "pool.csv", "This file is empty"),
        (b"%PDF-1.7 \xe2\xe3", "pool.csv", "This is a PDF file, whatever its name says"),
        (b"\x89PNG\r\n\x1a\n\0\0", "pool.xlsx", "This is a PNG file"),
        (HEAD.encode(), "pool.csv", "no rows below"),
        (b"\0\1\2\3" * 50, "pool.csv", "not a table that can be read"),
        (b"Pr\x81nom;Nom\nA;B", "pool.csv", "characters of this file could not be recognised"),
        (f"{HEAD}\n{ANNA}".encode().decode("cp1252").encode(), "pool.csv", "accents in this file are damaged"),
        (b"PK\x03\x04 not a workbook", "pool.xlsx", "cannot be read"),
        (_bomb, "pool.xlsx", "too large once unfolded"),
        (_far_corners, "pool.xlsx", "too large once unfolded"),
        (b"a" * (20 * 1024 * 1024 + 1), "pool.csv", "larger than 20 MB"),
        (f"{HEAD}\n".encode() + b"A;B;;;;;\n" * 50_001, "pool.csv", "more than 50 000 rows"),
    ],
    ids=[
        "empty",
        "blank",
        "pdf",
        "png",
        "header only",
        "binary",
        "encoding",
        "damaged",
        "no zip",
        "bomb",
        "corners",
        "bytes",
        "rows",
    ],
)
def test_ugly_files_are_refused_in_words(
    conference: Conference, organiser: User, content: Any, name: str, said: str
) -> None:
    with pytest.raises(UnreadableFile) as refusal:
        imports.start_import(
            conference=conference, actor=organiser, content=content() if callable(content) else content, filename=name
        )

    assert said in refusal.value.message
    assert PoolImport.objects.count() == 0


def test_missing_columns_are_named(conference: Conference, organiser: User) -> None:
    upload = imports.start_import(
        conference=conference, actor=organiser, content=b"Nom;Sexe\nMartin;Homme\n", filename="pool.csv"
    )

    with pytest.raises(DomainError) as refusal:
        imports.map_columns(upload=upload, mapping=upload.mapping)

    assert refusal.value.message == (
        "No column is set to: First name. No column is set to these criteria: Âge. "
        "Nothing would tell two people of the same "
        "name apart. Set a column to the e-mail address, the postcode, the year of birth or the number in your file."
    )
    upload.refresh_from_db()
    assert upload.state == ImportState.UPLOADED


def test_without_criteria_nothing_can_be_read(organiser: User) -> None:
    with pytest.raises(DomainError, match="Define the criteria first"):
        imports.start_import(
            conference=make_conference(organiser), actor=organiser, content=table(ANNA), filename="pool.csv"
        )


def test_errors_are_told_by_row_and_column(conference: Conference, organiser: User) -> None:
    content = table(
        ANNA,
        "Paul;;paul@example;69003;1970;Homme;45-64",
        "Zoé;Roux;zoe@example.org;13001;born in May;Femmes;17",
        "ANNA;LEFEVRE;;75011;1985;Femme;25-44",
        "Louis;Petit;anna@example.org;33000;1990;Homme;25-44",
    )

    upload = send(conference, organiser, content)

    assert words(conference, upload) == [
        (3, "Nom", "This cell is empty."),
        (3, "Courriel", "“paul@example” is not an e-mail address."),
        (4, "Année de naissance", "“born in May” is not a year or date of birth."),
        (4, "Sexe", "“Femmes” is not a value of this criterion. Did you mean “Femme”? Accepted: “Femme”, “Homme”."),
        (4, "Âge", "“17” is not a value of this criterion. Accepted: “18-24”, “25-44”, “45-64”, “65 et plus”."),
        (5, "Nom", "The same person as in row 2."),
        (
            6,
            "Courriel",
            "The same address as in row 2, under another name. If two people share it, leave it empty on one of them.",
        ),
    ]
    assert (upload.valid, upload.problem_count) == (1, 4)
    assert Volunteer.objects.count() == 0


# -- All valid rows after an explicit choice, or none -------------------------------------------------------------
def test_leaving_rows_out_must_be_said(conference: Conference, organiser: User) -> None:
    upload = send(conference, organiser, table(ANNA, "Paul;Martin;nowhere;69003;1970;Homme;45-64"))

    with pytest.raises(DomainError, match="Choose to leave them out"):
        imports.confirm_import(upload=upload, valid_only=False)
    assert Volunteer.objects.count() == 0

    imports.confirm_import(upload=upload, valid_only=True)
    done = imports.run_import(import_id=upload.pk)
    assert (done.added, done.problem_count) == (1, 1)
    event = Event.objects.get(verb="pool.imported")
    assert event.data == {"added": 1, "updated": 0, "unchanged": 0, "left_out": 1}
    assert event.actor == organiser


def test_nothing_valid_is_nothing_to_import(conference: Conference, organiser: User) -> None:
    upload = send(conference, organiser, table("Paul;Martin;nowhere;69003;1970;Homme;45-64"))

    with pytest.raises(DomainError, match="No row of this file can be imported"):
        imports.confirm_import(upload=upload, valid_only=True)


def test_giving_up_deletes_the_file_and_changes_nothing(
    conference: Conference, organiser: User, django_capture_on_commit_callbacks: Any
) -> None:
    upload = send(conference, organiser, table(ANNA))
    stored = str(upload.file.name)
    assert default_storage.exists(stored)

    with django_capture_on_commit_callbacks(execute=True):
        upload = imports.abandon_import(upload=upload)

    assert (upload.state, upload.sample, upload.problems) == (ImportState.ABANDONED, [], [])
    assert not default_storage.exists(stored)
    assert Volunteer.objects.count() == 0


def test_the_file_goes_when_the_import_is_done(
    conference: Conference, organiser: User, django_capture_on_commit_callbacks: Any
) -> None:
    upload = imports.confirm_import(upload=send(conference, organiser, table(ANNA)), valid_only=False)
    stored = str(upload.file.name)

    with django_capture_on_commit_callbacks(execute=True):
        done = imports.run_import(import_id=upload.pk)

    assert (done.state, done.sample, bool(done.file)) == (ImportState.DONE, [], False)
    assert not default_storage.exists(stored)


def test_running_a_task_twice_is_harmless(conference: Conference, organiser: User) -> None:
    done = bring_in(conference, organiser, table(ANNA, PAUL))

    again = imports.run_import(import_id=done.pk)
    checked = imports.check_import(import_id=done.pk)

    assert (again.state, checked.state) == (ImportState.DONE, ImportState.DONE)
    assert Volunteer.objects.count() == 2
    assert Event.objects.filter(verb="pool.imported").count() == 1


def test_a_lost_file_fails_the_import_and_changes_nothing(conference: Conference, organiser: User) -> None:
    upload = imports.confirm_import(upload=send(conference, organiser, table(ANNA)), valid_only=False)
    default_storage.delete(str(upload.file.name))

    failed = imports.run_import(import_id=upload.pk)

    assert (failed.state, failed.failure) == (ImportState.FAILED, "gone")
    assert Volunteer.objects.count() == 0


def test_when_the_pool_moves_between_check_and_import_nothing_is_written(
    conference: Conference, organiser: User
) -> None:
    upload = imports.confirm_import(upload=send(conference, organiser, table(ANNA, PAUL)), valid_only=False)
    make_volunteer(conference, email="paul@example.org", first_name="Zoé", last_name="Roux", person_key="roux zoe||")

    failed = imports.run_import(import_id=upload.pk)

    assert (failed.state, failed.failure) == (ImportState.FAILED, "moved")
    assert Volunteer.objects.count() == 1


# -- The same file twice ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("head", "rows"),
    [
        (HEAD, [ANNA, PAUL]),
        ("Identifiant;Prénom;Nom;Sexe;Âge", ["A-1;Marie;Martin;Femme;25-44", "A-2;Marie;Martin;Femme;45-64"]),
        ("Prénom;Nom;Code postal;Sexe;Âge", ["Anna;Lefèvre;75011;Femme;25-44", "Paul;Martin;;Homme;45-64"]),
        (
            "Prénom;Nom;Courriel;Foyer;Sexe;Âge",
            ["Anna;Lefèvre;;F1;Femme;25-44", "Paul;Martin;paul@example.org;F1;Homme;45-64"],
        ),
    ],
    ids=["address", "number", "name and postcode", "household"],
)
def test_importing_the_same_file_twice_changes_nothing(
    conference: Conference, organiser: User, head: str, rows: list[str]
) -> None:
    content = "\n".join([head, *rows]).encode()
    bring_in(conference, organiser, content)
    before = state_of(conference)

    done = bring_in(conference, organiser, content)

    assert (done.added, done.updated, done.unchanged, done.problem_count) == (0, 0, 2, 0)
    assert state_of(conference) == before


def test_a_later_file_corrects_and_completes(conference: Conference, organiser: User) -> None:
    bring_in(conference, organiser, table(ANNA, "Paul;Martin;;69003;1970;Homme;45-64"))

    done = bring_in(
        conference,
        organiser,
        table(
            "Anna;Lefèvre;ANNA@example.org;75012;;femme;45-64",
            "paul;MARTIN;paul@example.org;69003;1970;Homme;45-64",
        ),
    )

    assert (done.added, done.updated, done.unchanged) == (0, 2, 0)
    anna = Identity.objects.get(email_key="anna@example.org")
    assert (anna.postcode, anna.birth_year, anna.person_key) == ("75012", 1985, "lefevre anna|75012|1985")
    assert Trait.objects.get(volunteer=anna.volunteer, criterion__name="Âge").value.name == "45-64"
    assert Identity.objects.get(email_key="paul@example.org").postcode == "69003"
    assert Volunteer.objects.count() == 2


def test_people_who_withdrew_or_were_excluded_do_not_come_back(conference: Conference, organiser: User) -> None:
    bring_in(conference, organiser, table(ANNA, PAUL))
    anna, paul = Volunteer.objects.order_by("reference")
    withdraw_from_pool(volunteer=anna)
    decide(volunteer=paul, actor=organiser, admit=False, reason="Works in the field.")

    done = bring_in(conference, organiser, table(ANNA, PAUL))

    assert (done.added, done.updated, done.unchanged) == (0, 0, 2)
    assert list(Volunteer.objects.order_by("reference").values_list("standing", flat=True)) == [
        Standing.WITHDRAWN,
        Standing.EXCLUDED,
    ]
    assert Identity.objects.get(volunteer=anna).last_name == ""


def test_an_address_of_the_pool_under_another_name_is_an_error(conference: Conference, organiser: User) -> None:
    bring_in(conference, organiser, table(ANNA))

    upload = send(conference, organiser, table("Jules;Lefèvre;anna@example.org;75011;2001;Homme;18-24"))

    assert words(conference, upload) == [
        (2, "Courriel", "This address belongs to V-0001 of the pool, who has another name.")
    ]


def test_one_household_has_one_key(conference: Conference, organiser: User) -> None:
    content = (
        "Prénom;Nom;Adresse;Code postal;Année de naissance;Sexe;Âge\n"
        "Anna;Lefèvre;12, rue des Lilas;75011;1985;Femme;25-44\n"
        "Luc;Lefèvre;12 RUE DES LILAS;75 011;1983;Homme;25-44\n"
        "Zoé;Roux;12 rue des Lilas;13001;1990;Femme;25-44\n"
    ).encode()

    bring_in(conference, organiser, content)

    anna, luc, zoe = Volunteer.objects.order_by("reference").values_list("household", flat=True)
    assert anna == luc != zoe
    assert len(anna) == 64


def test_old_files_are_discarded(conference: Conference, organiser: User) -> None:
    from datetime import timedelta

    from django.utils import timezone

    upload = send(conference, organiser, table(ANNA))
    fresh = send(conference, organiser, table(PAUL))
    PoolImport.objects.filter(pk=upload.pk).update(uploaded_at=timezone.now() - timedelta(hours=25))

    assert imports.discard_old_files(timezone.now()) == 1

    upload.refresh_from_db()
    fresh.refresh_from_db()
    assert (upload.state, fresh.state) == (ImportState.ABANDONED, ImportState.CHECKED)


def test_thirty_thousand_rows_go_through(conference: Conference, organiser: User) -> None:
    lot = random.Random(7)
    rows = [
        f"Prénom{n};Nom{n % 900};p{n}@example.org;{10000 + n % 80000};{1940 + n % 60};{lot.choice(['Femme', 'Homme'])};"
        f"{lot.choice(['18-24', '25-44', '45-64', '65 et plus'])}"
        for n in range(30_000)
    ]

    done = bring_in(conference, organiser, table(*rows))

    assert (done.added, done.problem_count, Volunteer.objects.count()) == (30_000, 0, 30_000)


def test_a_table_reads_quoted_line_breaks(conference: Conference) -> None:
    found = read_table(b'a,b\n"x\ny",2\n3,4\n')

    assert (found.headers, found.rows, found.row_numbers) == (["a", "b"], [["x\ny", "2"], ["3", "4"]], [2, 3])
