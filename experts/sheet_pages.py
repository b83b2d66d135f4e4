"""What the pages of the information file show: chapters with their sheets, one sheet as it is read, and its state."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import groupby

from django.utils.safestring import SafeString

from conference.enums import DocumentAudience
from conference.models import Conference, Document, Membership
from experts.domain.pairs import side_of
from experts.domain.sheets import Vouched, committee_members, vouched_for
from experts.enums import GONE, NOT_INVITED, Side
from experts.glossary import with_glossary
from experts.models import Chapter, GlossaryEntry, Sheet, SheetVersion
from experts.scale import position_label


@dataclass
class SheetRow:
    """A sheet in a list. ``sheet`` comes with its versions."""

    sheet: Sheet
    members: tuple[Membership, ...] = ()

    @property
    def published(self) -> SheetVersion | None:
        return self.sheet.released[0] if self.sheet.released else None  # type: ignore[attr-defined]

    @property
    def draft(self) -> SheetVersion | None:
        drafts: list[SheetVersion] = self.sheet.drafts  # type: ignore[attr-defined]
        if drafts:
            drafts[0].sheet = self.sheet
        return drafts[0] if drafts else None

    @cached_property
    def vouched(self) -> Vouched | None:
        return vouched_for(self.draft, self.members) if self.draft and self.draft.ready_at else None

    @property
    def position(self) -> str:
        return position_label(self.sheet.conference, self.sheet.position)

    @property
    def side(self) -> Side | None:
        return side_of(self.sheet)

    @property
    def lacks_opposite(self) -> bool:
        return self.sheet.argues and self.sheet.opposite is None

    @property
    def shown_opposite(self) -> Sheet | None:
        """The opposite, if readers may read it."""
        other = self.sheet.opposite
        return other if other is not None and other.pk in self.readable else None

    readable: frozenset[int] = frozenset()

    @property
    def is_expert(self) -> bool:
        """Whether the page may say that the author is an expert of the conference: only of those who are invited."""
        expert = self.sheet.expert
        return expert is not None and expert.state not in {*NOT_INVITED, *GONE}


@dataclass(frozen=True)
class Part:
    """A chapter with its sheets; without a chapter for those that have none yet."""

    chapter: Chapter | None
    rows: list[SheetRow]


@dataclass(frozen=True)
class FilePage:
    parts: list[Part]

    @property
    def rows(self) -> list[SheetRow]:
        return [row for part in self.parts for row in part.rows]

    @property
    def published(self) -> int:
        return sum(1 for row in self.rows if row.published)

    @property
    def unpaired(self) -> list[SheetRow]:
        return [row for row in self.rows if row.lacks_opposite]

    @property
    def waiting(self) -> list[SheetRow]:
        return [row for row in self.rows if row.vouched]

    @property
    def latest(self) -> datetime | None:
        return max(
            (row.published.published_at for row in self.rows if row.published and row.published.published_at),
            default=None,
        )


def _parts(conference: Conference, sheets: Iterable[Sheet], members: tuple[Membership, ...]) -> list[Part]:
    found = list(sheets)
    readable = frozenset(sheet.pk for sheet in found if sheet.released)  # type: ignore[attr-defined]
    for sheet in found:
        sheet.conference = conference
    in_chapters = [sheet for sheet in found if sheet.chapter_id]
    result = [
        Part(chapter, [SheetRow(sheet, members, readable=readable) for sheet in group])
        for chapter, group in groupby(in_chapters, key=lambda sheet: sheet.chapter)
    ]
    loose = [SheetRow(sheet, members, readable=readable) for sheet in found if not sheet.chapter_id]
    return [*result, Part(None, loose)] if loose else result


def desk_file(conference: Conference) -> FilePage:
    """All sheets and all chapters, empty ones too. A constant number of queries."""
    members = committee_members(conference)
    sheets = Sheet.objects.with_versions().filter(conference=conference)
    parts = _parts(conference, sheets, members)
    by_chapter = {part.chapter.pk: part for part in parts if part.chapter}
    chapters = [
        by_chapter.get(chapter.pk, Part(chapter, [])) for chapter in Chapter.objects.filter(conference=conference)
    ]
    return FilePage([*chapters, *(part for part in parts if part.chapter is None)])


def readers_file(conference: Conference) -> FilePage:
    """What is published."""
    sheets = Sheet.objects.published().with_versions().filter(conference=conference)
    return FilePage(_parts(conference, sheets, ()))


@dataclass(frozen=True)
class SheetPage:
    """One sheet as it is read, with the words of the glossary that it uses."""

    row: SheetRow
    version: SheetVersion
    html: SafeString
    words: list[GlossaryEntry]
    documents: list[Document]

    @property
    def sheet(self) -> Sheet:
        return self.row.sheet


def entries_of(conference: Conference, language: str) -> list[GlossaryEntry]:
    return list(GlossaryEntry.objects.filter(conference=conference, language=language))


def sheet_page(
    row: SheetRow,
    version: SheetVersion,
    entries: list[GlossaryEntry],
    audiences: Iterable[DocumentAudience],
    *,
    top: int = 2,
    anchors: bool = True,
) -> SheetPage:
    """``audiences``: of documents that this reader may have."""
    html, words = with_glossary(version.text, entries, top=top, anchors=anchors)
    wanted = set(audiences)
    documents = [
        document
        for document in row.sheet.documents.all()
        if document.audience in wanted and document.is_served and not document.is_confidential
    ]
    return SheetPage(row, version, html, words, documents)
