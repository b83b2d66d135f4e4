"""Translations without GNU gettext: read the strings out of code and templates, compare, compile.

``python -m conference.local.messages`` compiles every ``locale/<room>/fr`` to its .mo file (those that are older than
their .po); ``--check`` says what is missing, unfinished, left over or at odds, and leaves with 1 if anything is;
``--update`` adds what is missing with an empty translation.
"""

import argparse
import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polib
from django.template.base import Lexer, Token, TokenType
from django.utils.translation import template as patterns
from django.utils.translation import trim_whitespace

ROOT = Path(__file__).resolve().parent.parent.parent
ROOMS = ("conference", "mail", "panels", "experts")
LANGUAGE = "fr"
# Where the context, the message and its plural stand among the arguments.
POSITIONS: dict[str, tuple[int | None, int, int | None]] = {
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)[^{}]*\}")


class Message(NamedTuple):
    text: str
    context: str | None = None


type Found = dict[Message, tuple[str | None, str]]  # the plural, and a file where it stands


# -- Reading code ------------------------------------------------------------------------------------------------------
def python_messages(source: str) -> Iterator[tuple[Message, str | None]]:
    """Every call of a gettext function with literal arguments, under whatever name the module imported it."""
    tree = ast.parse(source)
    names = {name: name for name in POSITIONS} | {"_": "gettext"}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            names |= {alias.asname: alias.name for alias in node.names if alias.asname and alias.name in POSITIONS}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if called in names:
                yield from _call(node, *POSITIONS[names[called]])


def _call(node: ast.Call, context: int | None, text: int, plural: int | None) -> Iterator[tuple[Message, str | None]]:
    def literal(position: int | None) -> str | None:
        if position is None or position >= len(node.args):
            return None
        argument = node.args[position]
        return argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else None

    message = literal(text)
    if message:
        yield Message(message, literal(context)), literal(plural)


# -- Reading templates ----------------------------------------------------------------------------------------------
def template_messages(source: str) -> Iterator[tuple[Message, str | None]]:
    """Every {% translate %}, {% blocktranslate %} and _("..."), as Django looks it up: % stands doubled."""
    tokens = iter(Lexer(source).tokenize())
    for token in tokens:
        if token.token_type is TokenType.BLOCK and token.contents.split()[:1] == ["comment"]:
            for inside in tokens:
                if inside.contents == "endcomment":
                    break
        elif token.token_type is TokenType.BLOCK and (opening := patterns.block_re.match(token.contents)):
            yield _block("trimmed" in token.split_contents(), opening[2], tokens)
        elif token.token_type in {TokenType.BLOCK, TokenType.VAR}:
            yield from _inline(token)


def _inline(token: Token) -> Iterator[tuple[Message, str | None]]:
    match = patterns.inline_re.match(token.contents) if token.token_type is TokenType.BLOCK else None
    if match:
        yield Message(_unquote(match[1]), match[3] and match[3][1:-1]), None
    for constant in patterns.constant_re.findall(token.contents):
        yield Message(_unquote(constant)), None


def _block(trimmed: bool, context: str | None, tokens: Iterator[Token]) -> tuple[Message, str | None]:
    parts: list[list[str]] = [[]]
    for token in tokens:
        if token.token_type is TokenType.BLOCK:
            if patterns.endblock_re.match(token.contents):
                break
            if patterns.plural_re.match(token.contents):
                parts.append([])
        elif token.token_type is TokenType.VAR:
            parts[-1].append(f"%({token.contents})s")
        elif token.token_type is TokenType.TEXT:
            parts[-1].append(token.contents.replace("%", "%%"))
    texts = ["".join(part) for part in parts]
    if trimmed:
        texts = [trim_whitespace(text) for text in texts]
    return Message(texts[0], context and context[1:-1]), texts[1] if len(texts) > 1 else None


def _unquote(text: str) -> str:
    literal = text.removeprefix("_(").removesuffix(")")
    return literal[1:-1].replace('\\"', '"').replace("\\'", "'").replace("%", "%%")


# -- Rooms -------------------------------------------------------------------------------------------------------------
def room_of(path: Path) -> str:
    """conference.mail, panels and experts keep their own strings; whatever else there is belongs to conference."""
    parts = path.parts[1:] if path.parts[0] in {"templates", "conference"} else path.parts
    return parts[0] if len(parts) > 1 and parts[0] in ROOMS else "conference"


def extract(root: Path) -> dict[str, Found]:
    found: dict[str, Found] = {room: {} for room in ROOMS}
    code = [path for app in ("conference", "panels", "experts") for path in (root / app).rglob("*.py")]
    pages = [path for suffix in ("html", "txt") for path in (root / "templates").rglob(f"*.{suffix}")]
    for path in sorted([*code, *pages]):
        place = path.relative_to(root)
        if "migrations" in place.parts:
            continue
        read = python_messages if path.suffix == ".py" else template_messages
        for message, plural in read(path.read_text(encoding="utf-8")):
            room = found[room_of(place)]
            room[message] = (plural or room.get(message, (None, ""))[0], str(place))
    return found


def catalogue(root: Path, room: str) -> Path:
    return root / "locale" / room / LANGUAGE / "LC_MESSAGES" / "django.po"


def open_catalogue(path: Path) -> polib.POFile:
    if path.exists():
        return polib.pofile(str(path), encoding="utf-8", wrapwidth=120)
    fresh = polib.POFile(encoding="utf-8", wrapwidth=120)
    fresh.fpath = str(path)
    fresh.metadata = {
        "Language": LANGUAGE,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n > 1);",
    }
    return fresh


# -- What can be asked for ---------------------------------------------------------------------------------------------
def check(root: Path) -> list[str]:
    """One line for each string that a French reader would see in English, or wrong."""
    found = extract(root)
    complaints: list[str] = []
    seen: dict[Message, tuple[str, str]] = {}
    for room in ROOMS:
        entries: dict[Message, polib.POEntry] = {}
        for entry in open_catalogue(catalogue(root, room)):
            message = Message(entry.msgid, entry.msgctxt)
            if message in entries:
                complaints.append(f"{room}: written twice: {message.text!r}")
            elif not entry.obsolete:
                entries[message] = entry
        for message, (plural, place) in found[room].items():
            complaints += [f"{room}: {word} ({place})" for word in _faults(message, plural, entries.get(message))]
        complaints += [f"{room}: obsolete: {text.text!r}" for text in entries.keys() - found[room].keys()]
        for message, entry in entries.items():
            other, translation = seen.setdefault(message, (room, entry.msgstr))
            if translation and entry.msgstr and translation != entry.msgstr:
                complaints.append(f"{room}: translated otherwise than in {other}: {message.text!r}")
    return complaints


def _faults(message: Message, plural: str | None, entry: polib.POEntry | None) -> Iterator[str]:
    if entry is None or (plural is not None and entry.msgid_plural != plural):
        yield f"missing: {message.text!r}"
        return
    translations = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    if not all(translations):
        yield f"missing: {message.text!r}"
    elif entry.fuzzy:
        yield f"fuzzy: {message.text!r}"
    wanted = _placeholders(message.text) | _placeholders(plural or "")
    if any(_placeholders(translation) - wanted for translation in translations) or (
        plural is None and all(translations) and _placeholders(entry.msgstr) != wanted
    ):
        yield f"placeholders differ: {message.text!r}"


def _placeholders(text: str) -> set[str]:
    return {match[0] for match in PLACEHOLDER.finditer(text)}


def update(root: Path) -> int:
    """Add what is missing, untranslated, and say how many there were."""
    added = 0
    for room, messages in extract(root).items():
        path = catalogue(root, room)
        book = open_catalogue(path)
        known = {Message(entry.msgid, entry.msgctxt): entry for entry in book if not entry.obsolete}
        before = added
        for message, (plural, _place) in messages.items():
            entry = known.get(message)
            if entry is not None and (plural is None or entry.msgid_plural == plural):
                continue
            if entry is not None:
                book.remove(entry)
            empty = {"msgid_plural": plural, "msgstr_plural": {0: "", 1: ""}} if plural else {}
            book.append(polib.POEntry(msgid=message.text, msgctxt=message.context, msgstr="", **empty))
            added += 1
        if added > before:
            path.parent.mkdir(parents=True, exist_ok=True)
            book.save(str(path))
    return added


def compile_all(root: Path) -> list[Path]:
    """Bring every .mo file up to its .po file, each replaced in one step, and return those that were made."""
    made = []
    for path in sorted((root / "locale").glob("*/*/LC_MESSAGES/*.po")):
        target = path.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= path.stat().st_mtime_ns:
            continue
        draft = target.with_name(f".{target.name}.draft")
        polib.pofile(str(path), encoding="utf-8").save_as_mofile(str(draft))
        draft.replace(target)
        made.append(target)
    return made


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m conference.local.messages", description=__doc__.split("\n")[0])
    parser.add_argument("--check", action="store_true", help="leave with 1 if a translation is missing or wrong")
    parser.add_argument("--update", action="store_true", help="add missing messages to the .po files, untranslated")
    options = parser.parse_args(arguments)
    if options.update:
        print(f"{update(ROOT)} messages added, to be translated.")
    for path in compile_all(ROOT):
        print(f"compiled {path.relative_to(ROOT)}")
    if not options.check:
        return 0
    complaints = check(ROOT)
    for complaint in complaints:
        print(complaint)
    print(f"{len(complaints)} translations to mend." if complaints else "Every message is translated.")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
