"""How long a text of 2,000 words takes to measure, as a ratio to a floor.

    python -m benchmarks.plain [--words 2000] [--repeats 15]

The floor finds every word with one pattern and counts its vowels with another: less than any measure of readability can
do. Milliseconds depend on the machine; only the ratio is worth comparing.
"""

import argparse
import json
import os
import platform
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

from conference.plain import measure
from tests.conference.plain.paragraphs import ENGLISH_HARD, ENGLISH_PLAIN, FRENCH_HARD, FRENCH_PLAIN

RESULTS = Path(__file__).parent / "results" / "plain.json"
WORD, VOWELS = re.compile(r"\w+"), re.compile(r"[aeiouyàâéèêëîïôùûœ]+")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.plain")
    parser.add_argument("--words", type=int, default=2000)
    parser.add_argument("--repeats", type=int, default=15)
    parser.add_argument("--output", type=Path, default=RESULTS)
    options = parser.parse_args()
    figures: dict[str, object] = {"machine": f"{platform.machine()}, {os.cpu_count()} cores", "words": options.words}
    for language, paragraphs in (("fr", FRENCH_PLAIN + FRENCH_HARD), ("en", ENGLISH_PLAIN + ENGLISH_HARD)):
        text = text_of(paragraphs, options.words)
        figures[language] = compare(text, language, options.repeats)
        print(language, json.dumps(figures[language]), flush=True)
    options.output.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0


def text_of(paragraphs: tuple[str, ...], words: int) -> str:
    """Plain and hard in turn, repeated until there are enough words."""
    found: list[str] = []
    while len(found) < words:
        found += "\n\n ".join(paragraphs).split(" ")
    return " ".join(found[:words])


def compare(text: str, language: str, repeats: int) -> dict[str, float]:
    """The first measure reads the frequency list; the others are taken at their fastest, as the floor is."""
    first = _seconds(lambda: measure(text, language))
    best = min(_seconds(lambda: measure(text, language)) for _ in range(repeats))
    floor = min(_seconds(lambda: _floor(text)) for _ in range(repeats))
    return {
        "first_ms": round(first * 1000, 1),
        "ms": round(best * 1000, 1),
        "floor_ms": round(floor * 1000, 2),
        "ratio": round(best / floor, 1),
    }


def _floor(text: str) -> int:
    return sum(len(VOWELS.findall(word)) for word in WORD.findall(text.lower()))


def _seconds(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


if __name__ == "__main__":
    sys.exit(main())
