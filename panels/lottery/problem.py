"""What is asked of the draw: people, quotas, seats. Checked once, here, so that the engine may trust it."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache


class UnusableInput(ValueError):  # noqa: N818 - it names the input's state, as the others here do
    """The problem cannot be understood; ``messages`` says why, one sentence each."""

    def __init__(self, *messages: str) -> None:
        super().__init__(" ".join(messages))
        self.messages = messages


@lru_cache(maxsize=100_000)
def fold(text: str) -> str:
    """The form in which names and values are compared: without case, outer or doubled spaces, or ways of typing
    accents.
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


@dataclass(frozen=True)
class Quota:
    """How many seats may go to people with this value."""

    feature: str
    value: str
    minimum: int
    maximum: int

    def __post_init__(self) -> None:
        if not fold(self.feature) or not fold(self.value):
            raise UnusableInput("A quota needs the name of a feature and of a value.")
        if not 0 <= self.minimum <= self.maximum:
            raise UnusableInput(
                f"Quota {self.feature} / {self.value}: the minimum ({self.minimum}) must lie between 0 and the maximum ({self.maximum})."
            )

    @property
    def key(self) -> tuple[str, str]:
        return fold(self.feature), fold(self.value)


@dataclass(frozen=True)
class Person:
    """A volunteer under a pseudonym. People who share a household key never sit together."""

    id: str
    values: Mapping[str, str]
    household: str | None = None

    def __post_init__(self) -> None:
        if not self.id.strip():
            raise UnusableInput("A person needs an id.")


@dataclass(frozen=True)
class Problem:
    """A panel of ``size`` from ``people`` under ``quotas``. Raises ``UnusableInput`` when it makes no sense.

    Quotas that cannot be met are not unusable: ``check`` explains those.
    """

    size: int
    quotas: tuple[Quota, ...]
    people: tuple[Person, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "quotas", tuple(self.quotas))
        object.__setattr__(self, "people", tuple(self.people))
        messages: list[str] = []
        if self.size < 1:
            messages.append(f"A panel needs at least one seat, not {self.size}.")
        messages += _doubled([f"{quota.feature} / {quota.value}" for quota in self.quotas], "Quota")
        messages += _doubled([person.id for person in self.people], "Person", folded=False)
        messages += self._values()
        if messages:
            raise UnusableInput(*messages)

    @cached_property
    def features(self) -> tuple[str, ...]:
        """The folded names of the features, in the order of the quotas."""
        return tuple(dict.fromkeys(quota.key[0] for quota in self.quotas))

    def profile(self, person: Person) -> tuple[str, ...]:
        """The folded values of a person, in the order of ``features``."""
        folded = {fold(name): fold(value) for name, value in person.values.items()}
        return tuple(folded.get(feature, "") for feature in self.features)

    def _values(self) -> list[str]:
        known = {quota.key for quota in self.quotas}
        names = {quota.key[0]: quota.feature for quota in self.quotas}
        messages = []
        for person in self.people:
            for feature, value in zip(self.features, self.profile(person), strict=True):
                if not value:
                    messages.append(f"Person {person.id} has no value for {names[feature]}.")
                elif (feature, value) not in known:
                    messages.append(f"Person {person.id}: the value “{value}” of {names[feature]} has no quota.")
        return messages


def _doubled(names: Sequence[str], kind: str, *, folded: bool = True) -> list[str]:
    seen: set[str] = set()
    messages = []
    for name in names:
        key = fold(name) if folded else name
        if key in seen:
            messages.append(f"{kind} {name} is there twice.")
        seen.add(key)
    return messages
