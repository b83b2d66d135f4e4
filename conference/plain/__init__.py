"""The plain-language measure for French and English: pure Python, no Django, also from the command line.

``measure(text, language, glossary=())`` gives a ``Reading``: counts, the published readability score, a verdict in three
steps, and marks on the source text. It advises; a person decides. What is measured, and its limits: docs/plain-language.md.
"""

from conference.plain.kinds import Kind, Verdict
from conference.plain.measure import measure
from conference.plain.reading import LANGUAGES, Mark, Reading, Score

__all__ = ["LANGUAGES", "Kind", "Mark", "Reading", "Score", "Verdict", "measure"]
