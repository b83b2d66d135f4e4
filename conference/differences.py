"""What changed between two texts, by paragraph and by word, for a page that marks it with <ins> and <del>."""

import difflib
import re
from dataclasses import dataclass

WORDS = re.compile(r"\s+|[^\s]+")
ALIKE = 0.4  # paragraphs less alike than this are shown as one taken out and one put in, not as a thicket of words


@dataclass(frozen=True)
class Piece:
    """A run of text: "same", "added" or "removed"."""

    kind: str
    text: str


@dataclass(frozen=True)
class Paragraph:
    kind: str  # "same", "added", "removed" or "changed"
    pieces: tuple[Piece, ...]


def compare(before: str, after: str) -> list[Paragraph]:
    """The paragraphs of both texts in reading order, with what was taken out and put in."""
    old, new = _paragraphs(before), _paragraphs(after)
    result: list[Paragraph] = []
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            result += [_whole("same", text) for text in old[i1:i2]]
        else:
            result += _changed(old[i1:i2], new[j1:j2])
    return result


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"\n\s*\n|\n(?=\s*(?:[-*#>|]|\d+\.))", text.strip()) if part.strip()]


def _whole(kind: str, text: str) -> Paragraph:
    return Paragraph(kind, (Piece(kind, text),))


def _changed(old: list[str], new: list[str]) -> list[Paragraph]:
    pairs = zip(old, new, strict=False)
    result = [paragraph for before, after in pairs for paragraph in _pair(before, after)]
    result += [_whole("removed", text) for text in old[len(new) :]]
    result += [_whole("added", text) for text in new[len(old) :]]
    return result


def _pair(before: str, after: str) -> list[Paragraph]:
    old, new = WORDS.findall(before), WORDS.findall(after)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < ALIKE:
        return [_whole("removed", before), _whole("added", after)]
    pieces: list[Piece] = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(old[i1:i2])))
            continue
        if i2 > i1:
            pieces.append(Piece("removed", "".join(old[i1:i2])))
        if j2 > j1:
            pieces.append(Piece("added", "".join(new[j1:j2])))
    return [Paragraph("changed", tuple(pieces))]
