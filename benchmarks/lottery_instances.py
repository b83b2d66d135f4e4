"""Instances that the benchmark of the draw makes up: pools as they come in France, self-selected, with quotas from
shares.
"""

import csv
import json
import random
from dataclasses import dataclass
from pathlib import Path

# Shares of the adult population, roughly those of the French census; they only have to be lifelike.
POPULATION: dict[str, dict[str, float]] = {
    "Sexe": {"Femme": 0.52, "Homme": 0.48},
    "Âge": {"18-24 ans": 0.10, "25-34 ans": 0.15, "35-49 ans": 0.24, "50-64 ans": 0.25, "65 ans et plus": 0.26},
    "Diplôme": {"Aucun ou brevet": 0.26, "CAP ou BEP": 0.24, "Baccalauréat": 0.18, "Supérieur court": 0.15, "Supérieur long": 0.17},
    "Région": {
        "Île-de-France": 0.19, "Grand Est": 0.08, "Hauts-de-France": 0.09, "Normandie": 0.05, "Bretagne": 0.05,
        "Pays de la Loire": 0.06, "Nouvelle-Aquitaine": 0.09, "Occitanie": 0.09, "Sud": 0.08, "Auvergne-Rhône-Alpes": 0.12,
        "Autre": 0.10,
    },
    "Commune": {"Rurale": 0.33, "Petite ville": 0.17, "Ville moyenne": 0.20, "Métropole": 0.30},
    "Profession": {"Ouvrier ou employé": 0.35, "Intermédiaire": 0.20, "Cadre": 0.13, "Indépendant": 0.06, "Retraité": 0.26},
    "Logement": {"Propriétaire": 0.58, "Locataire": 0.42},
    "Avis": {"Favorable": 0.4, "Opposé": 0.3, "Sans avis": 0.3},
}  # fmt: skip


@dataclass(frozen=True)
class Plan:
    name: str
    people: int
    seats: int
    features: int
    room: int = 1  # between the minimum and the maximum of a quota
    households: float = 0.0  # share of people who live with another volunteer
    seed: int = 1


PLANS = (
    Plan("fr_120_18", 120, 18, 5),
    Plan("fr_250_20_households", 250, 20, 6, households=0.15, seed=2),
    Plan("fr_400_30_tight", 400, 30, 7, households=0.1, seed=3),
    Plan("fr_600_60_8_features", 600, 60, 8, seed=4),
    Plan("fr_1000_100", 1000, 100, 6, households=0.1, seed=5),
    Plan("fr_2000_150", 2000, 150, 6, seed=6),
    Plan("fr_5000_150", 5000, 150, 6, seed=7),
    Plan("fr_10000_150", 10000, 150, 6, households=0.05, seed=8),
)


def _pool(plan: Plan, rng: random.Random) -> list[dict[str, str]]:
    """Volunteers: the educated, the older and the town-dwellers come more readily than their share."""
    names = list(POPULATION)[: plan.features]
    lean = {
        "Supérieur long": 3.0,
        "Supérieur court": 1.8,
        "Métropole": 1.6,
        "65 ans et plus": 1.3,
        "Cadre": 2.0,
        "Aucun ou brevet": 0.45,
        "Ouvrier ou employé": 0.5,
    }
    people = []
    for number in range(plan.people):
        row = {"id": f"P{number:05d}"}
        for name in names:
            shares = POPULATION[name]
            row[name] = rng.choices(list(shares), [share * lean.get(value, 1.0) for value, share in shares.items()])[0]
        row["household"] = f"H{number - 1:05d}" if number and rng.random() < plan.households else f"H{number:05d}"
        people.append(row)
    return people


def _quotas(plan: Plan, people: list[dict[str, str]], rng: random.Random) -> list[tuple[str, str, int, int]]:
    """Around a panel that exists: drawn at random weighted towards the population, then given the plan's room."""
    names = list(POPULATION)[: plan.features]
    present = {name: {row[name] for row in people} for name in names}
    seats = {
        name: _shared_out(
            plan.seats, {value: share for value, share in POPULATION[name].items() if value in present[name]}
        )
        for name in names
    }
    quotas = []
    for name in names:
        for value, count in seats[name].items():
            have = sum(row[name] == value for row in people)
            quotas.append((name, value, max(0, min(count, have) - (0 if count < 3 else plan.room)), count + plan.room))
    return quotas


def _shared_out(seats: int, shares: dict[str, float]) -> dict[str, int]:
    """Largest remainders."""
    total = sum(shares.values())
    exact = {value: seats * share / total for value, share in shares.items()}
    given = {value: int(number) for value, number in exact.items()}
    for value in sorted(exact, key=lambda value: given[value] - exact[value])[: seats - sum(given.values())]:
        given[value] += 1
    return given


def make(plan: Plan, folder: Path) -> Path:
    rng = random.Random(plan.seed)
    people = _pool(plan, rng)
    target = folder / plan.name
    target.mkdir(parents=True, exist_ok=True)
    with (target / "people.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(people[0]))
        writer.writeheader()
        writer.writerows(people)
    with (target / "features.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["feature", "value", "min", "max"])
        rows.writerows(_quotas(plan, people, rng))
    meta = {"n": plan.people, "k": plan.seats, "addr": ["household"] if plan.households else []}
    (target / "meta.json").write_text(json.dumps(meta))
    return target
