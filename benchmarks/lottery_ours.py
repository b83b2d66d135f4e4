"""One draw of ours, timed inside its own process as the peer's is. Times the whole draw, and the lottery alone."""

import json
import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from panels.lottery import draw
from panels.lottery.clock import Clock
from panels.lottery.files import read_problem
from panels.lottery.lotteries import lottery_for
from panels.lottery.types import types_of


def main() -> None:
    folder, method = Path(sys.argv[1]), sys.argv[2]
    meta = json.loads((folder / "meta.json").read_text())
    home = next(iter(meta.get("addr", [])), None)
    problem = read_problem(folder / "features.csv", folder / "people.csv", size=meta["k"], household_column=home)
    begun, cpu = time.perf_counter(), time.process_time()
    types = types_of(problem)
    lottery_for(types, method, Clock())
    lottery_seconds, lottery_cpu = time.perf_counter() - begun, time.process_time() - cpu
    begun, cpu = time.perf_counter(), time.process_time()
    result = draw(problem, method=method, seed="benchmark")
    seconds, draw_cpu = time.perf_counter() - begun, time.process_time() - cpu
    print(
        json.dumps(
            {
                "lottery_seconds": lottery_seconds,
                "lottery_cpu": lottery_cpu,
                "seconds": seconds,
                "cpu": draw_cpu,
                "minimum": result.minimum,
                "exact": result.exact,
                "types": types.size,
                "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                "largest_change": result.largest_change,
                "distinct_panels": result.distinct_panels,
                "entropy": result.entropy,
            }
        )
    )


main()
