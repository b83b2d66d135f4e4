"""One draw by sortition-algorithms, timed inside its own process; run by benchmarks/lottery.py, which may use another
Python.

Reads a folder (features.csv, people.csv, meta.json) and writes one line of JSON. Only the computation of the lottery
is timed: not the start of Python, not the reading of files.
"""

import csv
import json
import random
import sys
import time
from pathlib import Path

from sortition_algorithms import Settings, committee_generation, read_in_features, read_in_people


def main() -> None:
    folder, backend = Path(sys.argv[1]), sys.argv[2]
    meta = json.loads((folder / "meta.json").read_text())
    features_rows = list(csv.DictReader((folder / "features.csv").open(encoding="utf-8-sig")))
    people_rows = list(csv.DictReader((folder / "people.csv").open(encoding="utf-8-sig")))
    features, _, _ = read_in_features(list(features_rows[0]), features_rows, meta["k"])
    address = meta.get("addr", [])
    settings = Settings(
        id_column="id",
        columns_to_keep=[],
        check_same_address=bool(address),
        check_same_address_columns=address,
        solver_backend=backend,
    )
    people, _ = read_in_people(list(people_rows[0]), people_rows, features, settings)
    random.seed(1)
    begun, cpu = time.perf_counter(), time.process_time()
    panels, weights, _ = committee_generation.find_distribution_maximin(
        features, people, meta["k"], settings.normalised_address_columns, solver_backend=backend
    )
    seconds, used = time.perf_counter() - begun, time.process_time() - cpu
    chance: dict[str, float] = {}
    for panel, weight in zip(panels, weights, strict=True):
        for person in panel:
            chance[person] = chance.get(person, 0.0) + weight
    least = min((chance.get(row["id"], 0.0) for row in people_rows), default=0.0)
    print(json.dumps({"seconds": seconds, "cpu": used, "minimum": least, "panels": len(panels)}))


main()
