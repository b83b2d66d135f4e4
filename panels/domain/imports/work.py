"""What the worker does with an import: check every row; then write all that is valid in one transaction, or nothing."""

import csv
import io
from collections.abc import Callable, Iterator

from django.db import connection, transaction
from django.utils import timezone

from conference.domain.events import record
from conference.models import Conference
from panels.domain.imports.columns import criteria_of
from panels.domain.imports.ending import ENDED, finish
from panels.domain.imports.matching import Change, Known, Pool, new_identity
from panels.domain.imports.problems import Problem
from panels.domain.imports.rows import Person, RowReader
from panels.domain.locking import lock_conference
from panels.domain.volunteers import change_standing, doubts_in_words, next_number, reference
from panels.enums import ImportState, Source, Standing
from panels.models import Criterion, Identity, PoolImport, Trait, Volunteer

PROBLEMS_KEPT = 500
_STEP = 1000  # rows between two signs of progress

type Progress = Callable[[int], None]


def _rows(upload: PoolImport) -> Iterator[tuple[int, list[str]]]:
    with upload.file.open("rb") as stored:
        reader = csv.reader(io.TextIOWrapper(stored, encoding="utf-8", newline=""))
        next(reader, None)
        for row in reader:
            yield int(row[0]), row[1:]


def _reader(upload: PoolImport, criteria: list[Criterion]) -> RowReader:
    conference = upload.conference
    return RowReader(upload.mapping, criteria, conference.uuid, conference.language, timezone.now().year)


def _sorted_rows(
    upload: PoolImport, pool: Pool, progress: Progress
) -> tuple[list[Person], list[Change], list[Problem], int]:
    """All rows: new people, entries with what changes of them (perhaps nothing), problems and their rows' count."""
    new: list[Person] = []
    changes: list[Change] = []
    problems: list[Problem] = []
    wrong = 0
    reader = _reader(upload, criteria_of(upload.conference))
    claimed: dict[int, int] = {}  # entry: the row that changes it
    for count, (row, cells) in enumerate(_rows(upload), 1):
        person, found = reader.read(row, cells)
        known: Known | None = None
        if person:
            known, found = pool.find(person)
        if known and known.volunteer.pk in claimed:
            other = claimed[known.volunteer.pk]
            found = [{"row": row, "field": "last_name", "code": "double", "value": "", "other": other}]
        if found or person is None:
            wrong += 1
            problems.extend(found)
        elif known:
            claimed[known.volunteer.pk] = row
            changes.append(pool.change(person, known))
        else:
            new.append(person)
        if count % _STEP == 0:
            progress(count)
    return new, changes, problems, wrong


def check_import(*, import_id: int) -> PoolImport:
    """Check every row. Writes nothing but what it found; harmless when run twice."""
    upload = PoolImport.objects.select_related("conference").get(pk=import_id)
    if upload.state != ImportState.CHECKING:
        return upload

    def progress(done: int) -> None:
        PoolImport.objects.filter(pk=import_id, state=ImportState.CHECKING).update(done=done, touched_at=timezone.now())

    try:
        new, changes, problems, wrong = _sorted_rows(upload, Pool.of(upload.conference), progress)
    except FileNotFoundError:
        return fail_import(import_id=import_id, failure="gone")
    except Exception as error:
        fail_import(import_id=import_id, failure=type(error).__name__)  # the message may quote a cell
        raise
    names = {field: upload.headers[int(index)] for index, field in upload.mapping.items() if field}
    for found in problems:
        found["column"] = names.get(found["field"]) or names.get("full_name", "")
    PoolImport.objects.filter(pk=import_id, state=ImportState.CHECKING).update(
        state=ImportState.CHECKED,
        done=upload.total,
        touched_at=timezone.now(),
        added=len(new),
        updated=sum(map(bool, changes)),
        unchanged=len(changes) - sum(map(bool, changes)),
        valid=len(new) + len(changes),
        problem_count=wrong,
        problems=problems[:PROBLEMS_KEPT],
    )
    upload.refresh_from_db()
    return upload


@transaction.atomic
def fail_import(*, import_id: int, failure: str) -> PoolImport:
    """Close an import that cannot go on; nothing of it was written."""
    upload = PoolImport.objects.select_for_update().get(pk=import_id)
    if upload.state not in ENDED:
        upload.state, upload.failure = ImportState.FAILED, failure
        finish(upload)
    return upload


def run_import(*, import_id: int) -> PoolImport:
    """Write all valid rows in one transaction, or none. Harmless when run twice: the second finds it done."""
    try:
        with _outside_progress(import_id) as progress:
            return _write(import_id, progress)
    except FileNotFoundError:
        return fail_import(import_id=import_id, failure="gone")
    except _Moved:
        return fail_import(import_id=import_id, failure="moved")
    except Exception as error:
        fail_import(import_id=import_id, failure=type(error).__name__)
        raise


class _Moved(Exception):  # noqa: N818
    """Between the check and the writing the pool has changed, so that a row is not valid any more."""


class _outside_progress:  # noqa: N801 - reads as a function
    """Progress that others see while the transaction of the import is still open: through a connection of its own.

    The import's row is not locked by that transaction before its last statement, so neither waits for the other.
    """

    def __init__(self, import_id: int) -> None:
        self.import_id = import_id
        self.second = connection.copy()

    def __enter__(self) -> Progress:
        return self.step

    def __exit__(self, *exception: object) -> None:
        self.second.close()

    def step(self, done: int) -> None:
        with self.second.cursor() as cursor:
            cursor.execute(
                "UPDATE panels_poolimport SET done = %s, touched_at = now() WHERE id = %s AND state = %s",
                [done, self.import_id, ImportState.IMPORTING],
            )


@transaction.atomic
def _write(import_id: int, progress: Progress) -> PoolImport:
    conference = lock_conference(PoolImport.objects.get(pk=import_id).conference_id)
    upload = PoolImport.objects.select_related("conference", "uploaded_by").get(pk=import_id)
    if upload.state != ImportState.IMPORTING:
        return upload
    new, changes, _problems, wrong = _sorted_rows(upload, Pool.of(conference), lambda _done: None)
    if wrong and not upload.valid_only:  # somebody came in between the check and now
        raise _Moved
    _add(conference, new, progress)
    _update(conference, [change for change in changes if change])
    updated = sum(map(bool, changes))
    upload.state, upload.done = ImportState.DONE, upload.total
    upload.added, upload.updated, upload.unchanged = len(new), updated, len(changes) - updated
    upload.valid, upload.problem_count = len(new) + len(changes), wrong
    finish(upload)
    record(
        "pool.imported",
        conference=conference,
        actor=upload.uploaded_by,
        obj=upload,
        added=upload.added,
        updated=updated,
        unchanged=upload.unchanged,
        left_out=wrong,
    )
    return upload


def _add(conference: Conference, people: list[Person], progress: Progress) -> None:
    number = next_number(conference)
    now = timezone.now()
    for start in range(0, len(people), _STEP):
        batch = people[start : start + _STEP]
        volunteers = Volunteer.objects.bulk_create(
            Volunteer(
                conference=conference,
                reference=reference(number + start + offset),
                source=Source.IMPORT,
                standing=Standing.ELIGIBLE,
                household=person.household,
                created_at=now,
            )
            for offset, person in enumerate(batch)
        )
        Identity.objects.bulk_create(
            Identity(volunteer=volunteer, conference=conference, **new_identity(person.identity, conference.language))
            for volunteer, person in zip(volunteers, batch, strict=True)
        )
        Trait.objects.bulk_create(
            Trait(volunteer=volunteer, criterion_id=criterion, value_id=value)
            for volunteer, person in zip(volunteers, batch, strict=True)
            for criterion, value in person.values.items()
        )
        progress(start + len(batch))


def _update(conference: Conference, changes: list[Change]) -> None:
    identities, volunteers = [], []
    fields: set[str] = set()
    for change in changes:
        identity, volunteer = change.known.identity, change.known.volunteer
        for name, value in change.identity.items():
            setattr(identity, name, value)
            fields.add(name)
        if change.identity:
            identities.append(identity)
        if change.household:
            volunteer.household = change.household
        if volunteer.standing == Standing.UNCONFIRMED:  # the organiser knows this person: nothing is left to confirm
            doubtful = doubts_in_words(volunteer.screener)
            change_standing(volunteer, Standing.REVIEW if doubtful else Standing.ELIGIBLE)
            volunteer.standing_reason = doubtful
        volunteers.append(volunteer)
    if identities:
        Identity.objects.bulk_update(identities, sorted(fields), batch_size=500)
    Volunteer.objects.bulk_update(volunteers, ["household", "standing", "standing_reason"], batch_size=500)
    moved = [change for change in changes if change.values]
    for start in range(0, len(moved), _STEP):
        batch = moved[start : start + _STEP]
        criteria = {criterion for change in batch for criterion in change.values}
        by_volunteer = {change.known.volunteer.pk: change.values for change in batch}
        old = Trait.objects.filter(volunteer__in=by_volunteer, criterion__in=criteria).values_list(
            "pk", "volunteer", "criterion"
        )
        Trait.objects.filter(pk__in=[pk for pk, who, criterion in old if criterion in by_volunteer[who]]).delete()
        Trait.objects.bulk_create(
            Trait(volunteer_id=pk, criterion_id=criterion, value_id=value)
            for pk, values in by_volunteer.items()
            for criterion, value in values.items()
        )
