"""What the measure says, in English. The pages translate these sentences; the command line prints them as they are."""

from conference.plain.kinds import Kind, Verdict


def gettext_noop(text: str) -> str:
    """Only a sign for those who collect what is to be translated: this package knows no Django."""
    return text


VERDICTS = {
    Verdict.EASY: gettext_noop("easy for most"),
    Verdict.EFFORT: gettext_noop("asks for effort"),
    Verdict.HARD: gettext_noop("hard"),
}

LABELS = {
    Kind.LONG: gettext_noop("long sentence"),
    Kind.VERY_LONG: gettext_noop("very long sentence"),
    Kind.NESTED: gettext_noop("many clauses"),
    Kind.RARE: gettext_noop("rare word"),
    Kind.ACRONYM: gettext_noop("acronym"),
    Kind.PASSIVE: gettext_noop("passive"),
}

ADVICE = {
    Kind.LONG: gettext_noop("Could this sentence become two?"),
    Kind.VERY_LONG: gettext_noop("Cut this sentence: one idea in each."),
    Kind.NESTED: gettext_noop("Several clauses hang on each other: give each idea a sentence of its own."),
    Kind.RARE: gettext_noop("Say it with a common word, or explain it here or in the glossary."),
    Kind.ACRONYM: gettext_noop("Write it out at first use, with the letters in brackets."),
    Kind.PASSIVE: gettext_noop("Say who does it."),
}
