"""The information file of both demo conferences: two sheets that oppose each other, one whose opposite is missing, one that
informs; six words of the glossary. The second conference's file is signed, published and open to everybody."""

from conference.enums import Role
from conference.local.demo.information_texts import GENOME, WATER, Script
from conference.models import Conference, Membership, User
from experts.domain import information, pairs, sheets
from experts.enums import Opinion, SheetKind
from experts.models import Chapter, Expert, GlossaryEntry, Sheet, SheetVersion

SCRIPTS = {"eaux-usees": WATER, "edition-du-genome": GENOME}


def lay(conference: Conference, organiser: User) -> None:
    """After the committee and the experts are there."""
    _lay(conference, organiser, SCRIPTS[conference.slug])
    if conference.slug == "eaux-usees":
        _sign_and_open(conference, organiser)


def _sign_and_open(conference: Conference, organiser: User) -> None:
    """The committee of the demo signs all sheets but the last, which waits for its second signature."""
    members = list(Membership.objects.filter(conference=conference, role=Role.STEERING).select_related("user"))
    drafts = SheetVersion.objects.filter(sheet__conference=conference, ready_at__isnull=False, published_at=None)
    for place, draft in enumerate(drafts.select_related("sheet").order_by("sheet")):
        seen = draft.fingerprint()
        sheets.tick(sheet_id=draft.sheet_id, name="Josiane Marquet", fingerprint=seen)
        for member in members[: 1 if place == 3 else len(members) // 2 + 1]:
            sheets.give_opinion(
                sheet_id=draft.sheet_id, member=member, opinion=Opinion.APPROVES, reason="", fingerprint=seen
            )
    information.open_to_everybody(conference=conference, actor=organiser)


def _lay(conference: Conference, organiser: User, script: Script) -> None:
    for term, forms, definition in script.glossary:
        GlossaryEntry.objects.create(conference=conference, term=term, forms=forms, definition=definition)
    made: dict[str, Sheet] = {}
    chapters: dict[str, Chapter] = {}
    for key, chapter, title, author, position, text in script.sheets:
        if chapter not in chapters:
            chapters[chapter] = information.save_chapter(conference=conference, actor=organiser, title=chapter)
        expert = Expert.objects.filter(conference=conference, last_name=author).first()
        kind = SheetKind.ARGUES if position else SheetKind.INFORMS
        stands = position or (expert.position if expert else "")
        made[key] = sheets.create_sheet(
            conference=conference,
            actor=organiser,
            title=title,
            chapter=chapters[chapter],
            written=sheets.Authorship(kind, stands, "" if expert else author, expert),
        )
        sheets.save_draft(
            sheet_id=made[key].pk, actor=organiser, title=title, text=text, chapter=chapters[chapter], documents=[]
        )
        sheets.offer(sheet_id=made[key].pk, actor=organiser)
    one, other = script.pair
    pairs.pair(sheet_id=made[one].pk, other_id=made[other].pk, actor=organiser)
