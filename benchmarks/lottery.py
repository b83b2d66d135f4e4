"""Our draw against sortition-algorithms, on the same instances, alternating, in fresh processes.

    python benchmarks/lottery.py [--pools DIR] [--repeat 3] [--peer-python PATH] [--limit 300] [--only NAME ...]
    [--largest N]

Prints a table, and writes it with the raw figures to benchmarks/results/ and docs/lottery-benchmark.md. Medians of
processor seconds, which a busy machine disturbs less than the clock does.
"""

import argparse
import json
import os
import platform
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from benchmarks.lottery_instances import PLANS, make  # noqa: E402

DOCUMENT = HERE.parent / "docs" / "lottery-benchmark.md"
GROWTH = "## Cost as the pool grows"  # written by lottery_growth.py, left alone here
SOLVERS = {"HiGHS": "highspy", "CBC": "mip-cbc"}


@dataclass
class Row:
    name: str
    people: int
    seats: int
    ours: list[dict[str, Any]] = field(default_factory=list)
    theirs: dict[str, list[dict[str, Any] | str]] = field(default_factory=dict)


def run(command: list[str], limit: float) -> dict[str, Any] | str:
    """The last line of standard output as JSON; or why there is none. ``limit``: seconds of processor time."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    limited = ["/bin/sh", "-c", f'ulimit -t {limit:.0f}; exec "$@"', "sh", *command]
    done = subprocess.run(limited, capture_output=True, text=True, check=False, env=environment)
    if done.returncode in {-signal.SIGXCPU, -signal.SIGKILL}:
        return f"> {limit:.0f} s"
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode or not lines:
        return "crash" if done.returncode < 0 else "error"
    answer: dict[str, Any] = json.loads(lines[-1])
    return answer


def measure(folder: Path, options: argparse.Namespace) -> Row:
    meta = json.loads((folder / "meta.json").read_text())
    row = Row(folder.name, meta["n"], meta["k"], theirs={name: [] for name in SOLVERS})
    with_peer = meta["n"] <= options.largest
    for _ in range(options.repeat):
        ours = run([sys.executable, str(HERE / "lottery_ours.py"), str(folder), "leximin"], 900.0)
        if isinstance(ours, dict):
            row.ours.append(ours)
        for name, backend in SOLVERS.items():
            failed = any(isinstance(result, str) for result in row.theirs[name])
            if with_peer and not failed:
                command = [options.peer_python, str(HERE / "lottery_peer.py"), str(folder), backend]
                row.theirs[name].append(run(command, options.limit))
    return row


def _median(results: list[dict[str, Any]], key: str) -> float:
    return statistics.median(float(result[key]) for result in results)


def _peer(results: list[dict[str, Any] | str]) -> tuple[str, float | None, float | None]:
    """Processor seconds in words and as a number, minimum."""
    good = [result for result in results if isinstance(result, dict)]
    if not good:
        return (str(results[0]) if results else "—"), None, None
    return f"{_median(good, 'cpu'):.1f}", _median(good, "cpu"), max(float(result["minimum"]) for result in good)


def line(row: Row) -> str:
    if not row.ours:
        return f"| {row.name} | {row.people} | {row.seats} | | failed | | | | | | |"
    default, default_cpu, default_least = _peer(row.theirs["HiGHS"])
    other, other_cpu, other_least = _peer(row.theirs["CBC"])
    cpu = _median(row.ours, "cpu")
    ratios = [f"1/{theirs / cpu:.1f}" if theirs else "" for theirs in (default_cpu, other_cpu)]
    leasts = [least for least in (default_least, other_least) if least is not None]
    return (
        f"| {row.name} | {row.people} | {row.seats} | {row.ours[0]['types']} | {cpu:.2f}"
        f" | {default} | {ratios[0]} | {other} | {ratios[1]} | {row.ours[0]['minimum']:.4f} |"
        f" {f'{max(leasts):.4f}' if leasts else ''} | {'yes' if all(r['exact'] for r in row.ours) else 'NO'}"
        f" | {row.ours[0]['megabytes']:.0f} |"
    )


def document(rows: list[Row], options: argparse.Namespace) -> str:
    head = [
        "# The draw, measured",
        "",
        (
            f"Made by `benchmarks/lottery.py` on {time.strftime('%Y-%m-%d')}, {platform.machine()}, {os.cpu_count()} processors,"
            f" Python {platform.python_version()}; {options.repeat} runs each, alternating, each in a fresh process; medians."
        ),
        "",
        (
            "Ours: the whole draw (exact leximin, certificate, 1,000 tickets, 5 alternates). Theirs: the maximin lottery of"
            " sortition-algorithms alone, with HiGHS (its default solver) and with CBC. Processor seconds, since other work ran on"
            " the machine. “Exact”: the certificate proves our lottery to be the leximin."
        ),
        "",
        (
            "| instance | n | k | types | ours, s | theirs HiGHS, s | ratio | theirs CBC, s | ratio | our minimum | their minimum"
            " | exact | MB |"
        ),
        "|---|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    before = DOCUMENT.read_text(encoding="utf-8") if DOCUMENT.exists() else ""
    growth = "\n" + GROWTH + before.split(GROWTH)[1] if GROWTH in before else ""
    return "\n".join([*head, *map(line, rows)]) + "\n" + growth


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pools", type=Path, help="a folder of instances to measure besides those made here")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--peer-python", default=sys.executable, help="a Python that has sortition-algorithms")
    parser.add_argument("--limit", type=float, default=300.0, help="processor seconds that a draw of theirs may take")
    parser.add_argument(
        "--largest", type=int, default=1000, help="instances with more people are measured on ours only"
    )
    parser.add_argument("--only", nargs="*", default=[])
    options = parser.parse_args()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as scratch:
        folders = sorted(path.parent for path in options.pools.glob("*/meta.json")) if options.pools else []
        folders.sort(key=lambda folder: json.loads((folder / "meta.json").read_text())["n"])
        folders += [make(plan, Path(scratch)) for plan in PLANS]
        for folder in folders:
            if options.only and folder.name not in options.only:
                continue
            rows.append(measure(folder, options))
            print(line(rows[-1]), flush=True)
            (HERE / "results").mkdir(exist_ok=True)
            raw = [{"name": row.name, "ours": row.ours, "theirs": row.theirs} for row in rows]
            (HERE / "results" / "lottery.json").write_text(json.dumps(raw, indent=1) + "\n")
            DOCUMENT.write_text(document(rows, options))


if __name__ == "__main__":
    main()
