"""Words of the glossary in a text: the first time that each stands there, it leads to its definition.

The parser's words are looked at, never the HTML: nothing inside a link, a heading or a piece of code is touched.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.safestring import SafeString
from markdown_it.token import Token

from experts.markdown import to_html
from experts.models import GlossaryEntry


def _key(words: str) -> str:
    """Upper and lower case, both apostrophes and both ways of writing an accent are one."""
    return " ".join(unicodedata.normalize("NFC", words).casefold().replace("'", "’").split())


def in_order(entries: Iterable[GlossaryEntry]) -> list[GlossaryEntry]:
    """As in a dictionary: an accent does not send a word behind all others."""
    return sorted(entries, key=lambda entry: (_bare(entry.term), entry.pk))


def _bare(words: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFD", words.casefold()) if not unicodedata.combining(sign))


def _pattern(key: str) -> str:
    return re.escape(key).replace("’", "['’]").replace(r"\ ", r"\s+")


@dataclass
class Linker:
    """Marks the words of one text. ``used``: the entries found, in the order in which they stand there.

    ``anchors``: whether each mark has an address of its own, for the way back from the definition. A page with several
    texts has none: the same address would stand there twice.
    """

    entries: Iterable[GlossaryEntry]
    anchors: bool = True
    used: list[GlossaryEntry] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._entry_of = {_key(form): entry for entry in self.entries for form in entry.spellings}
        # The longest first: "édition du génome" before "génome".
        forms = sorted((key for key in self._entry_of if key), key=len, reverse=True)
        either = "|".join(map(_pattern, forms))
        self._words = re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE) if forms else None

    def __call__(self, tokens: list[Token]) -> None:
        in_heading = False
        for token in tokens:
            if token.type in {"heading_open", "heading_close"}:
                in_heading = token.type == "heading_open"
            elif token.type == "inline" and token.children and not in_heading:
                token.children = self._marked(token.children)

    def _marked(self, children: list[Token]) -> list[Token]:
        result: list[Token] = []
        links = 0
        for child in children:
            links += child.nesting if child.type in {"link_open", "link_close"} else 0
            result += self._split(child) if child.type == "text" and not links else [child]
        return result

    def _split(self, token: Token) -> list[Token]:
        text = unicodedata.normalize("NFC", token.content)
        result: list[Token] = []
        start = 0
        for match in self._words.finditer(text) if self._words else ():
            entry = self._entry_of.get(_key(match[0]))
            if entry is None or entry in self.used:
                continue
            self.used.append(entry)
            result += [_text(text[start : match.start()]), *self._link(entry, match[0])]
            start = match.end()
        return [*result, _text(text[start:])] if result else [token]

    def _link(self, entry: GlossaryEntry, words: str) -> list[Token]:
        attributes: dict[str, str | int | float] = {"href": f"#word-{entry.pk}", "class": "term"}
        if self.anchors:
            attributes["id"] = f"term-{entry.pk}"
        return [Token("link_open", "a", 1, attrs=attributes), _text(words), Token("link_close", "a", -1)]


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def with_glossary(
    text: str, entries: Iterable[GlossaryEntry], *, top: int = 2, anchors: bool = True
) -> tuple[SafeString, list[GlossaryEntry]]:
    """The text as HTML with its words marked, and the entries that it uses."""
    linker = Linker(entries, anchors)
    return to_html(text, top=top, mark=linker), linker.used
