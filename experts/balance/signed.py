"""What a committee signs: who speaks, where they stand, for how long. Pure: no database.

The order of speaking, sectors and genders are on the board but not in the signature: laying the running order anew, or
an expert who completes their page, must not undo what the committee decided.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from experts.balance.scene import Meeting, Scene, Scope, Turn, Voice

type Facts = Mapping[str, Any]  # JSON: {"experts": {uuid: {...}}, "questions": [...]}


def facts_of(scene: Scene) -> dict[str, Any]:
    """What is signed of a scene: all who are approved, whether invited by now or not."""
    counted = scene.of(Scope.APPROVED)
    minutes = counted.minutes_by_expert()
    experts = {
        voice.key: {
            "position": voice.position,
            "minutes": minutes[voice.key],
            "stances": {str(question): voice.stances[question] for question in sorted(voice.stances)},
        }
        for voice in counted.voices
    }
    return {"experts": experts, "questions": sorted(counted.questions)}


def fingerprint_of(facts: Facts) -> str:
    """SHA-256 of the facts as JSON with sorted keys and no spaces, in UTF-8."""
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def scene_from(facts: Facts) -> Scene:
    """The scene as it was signed: enough for the tallies by side, and no more (no order, sector or gender)."""
    voices = tuple(
        Voice(
            key=key,
            position=entry["position"],
            stances={int(question): position for question, position in entry["stances"].items()},
        )
        for key, entry in facts["experts"].items()
    )
    turns = tuple(Turn(key, entry["minutes"]) for key, entry in facts["experts"].items())
    return Scene(voices, (Meeting(0, turns),), tuple(facts["questions"]))


class Altered(StrEnum):
    JOINED = "joined"
    LEFT = "left"
    POSITION = "position"
    MINUTES = "minutes"
    STANCE = "stance"
    QUESTION_NEW = "question_new"
    QUESTION_GONE = "question_gone"


@dataclass(frozen=True)
class Alteration:
    what: Altered
    expert: str = ""
    question: int | None = None
    before: str | int = ""
    after: str | int = ""


def alterations(before: Facts, after: Facts) -> tuple[Alteration, ...]:
    """What changed between two signed states; empty when their fingerprints are equal, and only then."""
    was, now = before["experts"], after["experts"]
    found = [Alteration(Altered.LEFT, key) for key in was if key not in now]
    found += [Alteration(Altered.JOINED, key) for key in now if key not in was]
    for key in (key for key in now if key in was):
        for what in (Altered.POSITION, Altered.MINUTES):
            if was[key][what] != now[key][what]:
                found.append(Alteration(what, key, before=was[key][what], after=now[key][what]))
        stances = (was[key]["stances"], now[key]["stances"])
        for question in sorted({*stances[0], *stances[1]}, key=int):
            one, other = (side.get(question, "") for side in stances)
            if one != other:
                found.append(Alteration(Altered.STANCE, key, int(question), one, other))
    asked = (before["questions"], after["questions"])
    found += [Alteration(Altered.QUESTION_GONE, question=q) for q in asked[0] if q not in asked[1]]
    found += [Alteration(Altered.QUESTION_NEW, question=q) for q in asked[1] if q not in asked[0]]
    return tuple(found)
