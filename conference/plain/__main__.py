"""``python -m conference.plain FILE --language fr``: the reading of a text, and what could be mended, line by line."""

import argparse
import sys
from pathlib import Path

from conference.plain.kinds import Kind
from conference.plain.measure import measure
from conference.plain.reading import LANGUAGES, Reading
from conference.plain.words import LABELS, VERDICTS


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m conference.plain", description=__doc__)
    parser.add_argument("file", help="a text or Markdown file; - reads the standard input")
    parser.add_argument("--language", choices=LANGUAGES, default="fr")
    parser.add_argument("--glossary", type=Path, help="a file with one explained term in a line")
    options = parser.parse_args(arguments)
    text = sys.stdin.read() if options.file == "-" else Path(options.file).read_text(encoding="utf-8")
    terms = options.glossary.read_text(encoding="utf-8").splitlines() if options.glossary else ()
    for line in report(text, measure(text, options.language, terms)):
        print(line)
    return 0


def report(text: str, reading: Reading) -> list[str]:
    if reading.verdict is None:
        return ["There is no word to measure."]
    lines = [
        f"{VERDICTS[reading.verdict]} ({reading.score.name} {reading.score.value:.1f}, LIX {reading.lix.value:.1f})",
        (
            f"{reading.words} words, {reading.sentences} sentences, {reading.syllables} syllables,"
            f" {reading.minutes:.1f} minutes aloud"
        ),
        f"mean sentence {reading.mean_sentence:.1f} words, longest {reading.longest_sentence}",
    ]
    for mark in reading.marks:
        line = text.count("\n", 0, mark.start) + 1
        words = " ".join(text[mark.start : mark.end].split())
        shown = f"{words[:60]}…" if len(words) > 60 else words
        size = f" ({mark.count} words)" if mark.kind in {Kind.LONG, Kind.VERY_LONG} else ""
        lines.append(f"line {line}: {LABELS[mark.kind]}{size}: {shown}: {mark.advice}")
    return [*lines, f"Source of the score: {reading.score.source}."]


if __name__ == "__main__":
    sys.exit(main())
