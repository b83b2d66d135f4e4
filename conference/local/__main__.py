"""``python -m conference.local run``: one sentence and status 1 where it cannot go on, never a traceback."""

import os
import sys


def main(arguments: list[str]) -> int:
    if arguments != ["run"]:
        print("usage: python -m conference.local run", file=sys.stderr)
        return 2
    os.umask(0o077)
    from conference.local.configuration import read_configuration  # noqa: PLC0415  (errors of import are told too)
    from conference.local.problem import Problem  # noqa: PLC0415
    from conference.local.supervisor import Supervisor  # noqa: PLC0415

    try:
        Supervisor(read_configuration(os.environ)).run()
    except Problem as problem:
        print(f"Cannot start: {problem}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"Cannot go on: {error.strerror or error} ({error.filename or 'the disk'}).", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
