"""What the draw costs as the pool grows: ours alone, 6 features, a tenth of the pool (150 seats at most).

    python benchmarks/lottery_growth.py [--largest 10000]

Writes the last part of docs/lottery-benchmark.md, which benchmarks/lottery.py leaves as it is.
"""

import argparse
import math
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from benchmarks.lottery import DOCUMENT, GROWTH, run  # noqa: E402
from benchmarks.lottery_instances import Plan, make  # noqa: E402

SIZES = (100, 200, 400, 800, 1500, 3000, 5000, 10_000)
WIDTH = 40


def bar(seconds: float) -> str:
    """From 0.1 s to 1,000 s, each tenfold as long as the one before."""
    return "█" * max(1, round(WIDTH * (math.log10(max(seconds, 0.1)) + 1.0) / 4.0))


def line(people: int, seats: int, result: dict[str, Any] | str) -> str:
    if isinstance(result, str):
        return f"| {people} | {seats} | | {result} | | | |"
    return (
        f"| {people} | {seats} | {result['types']} | {result['cpu']:.1f} | {bar(result['cpu'])} |"
        f" {'yes' if result['exact'] else 'NO'} | {result['megabytes']:.0f} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--largest", type=int, default=SIZES[-1])
    options = parser.parse_args()
    lines = [
        GROWTH,
        "",
        (
            "Ours, exact leximin, the whole draw: 6 features, 5 % in shared households, a tenth of the pool drawn but no more than"
            " 150. Processor seconds; the bar is logarithmic (0.1 s to 1,000 s). `benchmarks/lottery_growth.py`."
        ),
        "",
        "| people | seats | types | seconds | | exact | MB |",
        "|---|---|---|---|---|---|---|",
    ]
    with tempfile.TemporaryDirectory() as scratch:
        for people in (size for size in SIZES if size <= options.largest):
            seats = min(150, people // 10)
            plan = Plan(f"growth_{people}", people, seats, 6, households=0.05, seed=11)
            folder = make(plan, Path(scratch))
            result = run([sys.executable, str(HERE / "lottery_ours.py"), str(folder), "leximin"], 900.0)
            lines.append(line(people, seats, result))
            print(lines[-1], flush=True)
    text = DOCUMENT.read_text(encoding="utf-8").split(GROWTH)[0].rstrip()
    DOCUMENT.write_text(text + "\n\n" + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
