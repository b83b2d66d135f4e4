"""What is published about a draw, and its fingerprint: pseudonyms, quotas, parameters, tickets and proof."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from panels.lottery.problem import Person, Problem, Quota, UnusableInput

FORMAT = "concitoyen-lottery-1"


def canonical(record: object) -> bytes:
    """The one way in which a record is written down before it is hashed."""
    return json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def fingerprint(record: Mapping[str, Any]) -> str:
    """SHA-256, in hexadecimal, of the bundle without its own fingerprint."""
    return hashlib.sha256(canonical({key: value for key, value in record.items() if key != "commitment"})).hexdigest()


def problem_record(problem: Problem) -> dict[str, Any]:
    return {
        "size": problem.size,
        "quotas": [
            {"feature": quota.feature, "value": quota.value, "min": quota.minimum, "max": quota.maximum}
            for quota in problem.quotas
        ],
        "people": [
            {
                "id": person.id,
                "values": dict(person.values),
                **({"household": person.household} if person.household else {}),
            }
            for person in sorted(problem.people, key=lambda person: person.id)
        ],
    }


def problem_from(record: Mapping[str, Any]) -> Problem:
    try:
        return Problem(
            size=int(record["size"]),
            quotas=tuple(Quota(q["feature"], q["value"], int(q["min"]), int(q["max"])) for q in record["quotas"]),
            people=tuple(Person(p["id"], p["values"], p.get("household")) for p in record["people"]),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise UnusableInput(f"The bundle's problem cannot be read: {error}.") from error
