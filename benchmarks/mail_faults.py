"""The trials of sending under faults at full size; prints their figures and writes them to results/mail_faults.json.

    python -m benchmarks.mail_faults [worker broker database server doubled] [--seed 4]

Nothing is hastened here but the hours between two tries of a refused message: after a kill the program waits its own half
minute. All of it takes about ten minutes. The everyday sizes are in tests/faults.
"""

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.faults.stack import FaultStack, fault_stack

type Figures = dict[str, Any]

RESULTS = Path(__file__).parent / "results" / "mail_faults.json"
TRIALS = ("worker", "broker", "database", "server", "doubled")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mail_faults")
    parser.add_argument("trials", nargs="*", metavar="trial", help=f"all, or some of {', '.join(TRIALS)}")
    parser.add_argument("--seed", type=int, default=4)
    parser.add_argument("--output", type=Path, default=RESULTS)
    options = parser.parse_args()

    os.environ.setdefault("SECRET_KEY", "only-for-the-trials-" + "0" * 50)
    os.environ.setdefault("SITE_URL", "http://testserver")
    os.environ["DJANGO_SETTINGS_MODULE"] = "conference.settings"
    import django  # noqa: PLC0415 - the settings are read from here on

    django.setup()
    figures: Figures = {"machine": f"{platform.machine()}, {os.cpu_count()} cores", "load_before": os.getloadavg()[0]}
    with fault_stack() as stack:
        runs = _runs(stack, options.seed)
        for name in options.trials or TRIALS:
            figures[name] = _run(stack, runs[name])
            print(json.dumps({name: figures[name]}), flush=True)
    figures["load_after"] = os.getloadavg()[0]
    options.output.write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


def _run(stack: FaultStack, trial: Callable[[], Figures]) -> Figures:
    from tests.faults.own_database import looking_at  # noqa: PLC0415 - needs Django

    with looking_at(stack):
        start = time.monotonic()
        try:
            return {**trial(), "trial_seconds": round(time.monotonic() - start, 1)}
        finally:
            stack.end_programs()


def _runs(stack: FaultStack, seed: int) -> dict[str, Callable[[], Figures]]:
    from tests.faults import trials  # noqa: PLC0415
    from tests.faults.people import acceptances, inviting  # noqa: PLC0415

    return {
        "worker": lambda: trials.worker_killed(stack, messages=2000, kills=10, hasten=False),
        "broker": lambda: trials.broker_lost(
            stack, messages=2000, outage=120.0, act=acceptances(stack.web()), requests=12
        ),
        "database": lambda: trials.database_restarted(stack, messages=2000, restarts=3, hasten=False),
        "server": lambda: trials.server_misbehaves(stack, messages=2000, silences=20, line=0.02, seed=seed),
        "doubled": lambda: trials.doubled(stack, messages=2000, act=inviting()),
    }


if __name__ == "__main__":
    sys.exit(main())
