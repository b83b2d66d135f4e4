"""How fast invitations go out: one worker, two workers, and a bare loop; and how much memory that takes.

    python -m benchmarks.mail_rate [--count 1000] [--seconds 0.25 0.04 0.01 0] [--memory 10000]

Two bare loops send the same letters over one SMTP connection to the same sink: one has them ready, the other writes each
before it sends it, as a program without an outbox would. ``--seconds`` is how long the sink works on each message; a relay
across the network takes 20 to 100 milliseconds. With 0 the sink takes no time at all, and what is measured is how long it
takes to write a letter and to note that it has gone. About eight minutes; no bare loop takes more than one. Only ratios are
worth comparing between machines, and the processor's time where others work on the machine (``load``).
"""

import argparse
import json
import os
import platform
import smtplib
import subprocess
import sys
import time
from collections.abc import Sequence
from email.policy import SMTP
from functools import partial
from pathlib import Path
from typing import Any

from tests.faults.stack import FaultStack, Program, SinkProgram, fault_stack, wait_for

type Figures = dict[str, Any]
RESULTS = Path(__file__).parent / "results" / "mail_rate.json"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mail_rate")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seconds", type=float, nargs="*", default=[0.25, 0.04, 0.01, 0.0])
    parser.add_argument("--memory", type=int, default=10_000, help="how many for the look at memory; 0: none")
    parser.add_argument("--output", type=Path, default=RESULTS)
    options = parser.parse_args()

    os.environ.setdefault("SECRET_KEY", "only-for-the-trials-" + "0" * 50)
    os.environ.setdefault("SITE_URL", "http://testserver")
    os.environ["DJANGO_SETTINGS_MODULE"] = "conference.settings"
    import django  # noqa: PLC0415 - the settings are read from here on

    django.setup()
    figures: Figures = {"machine": f"{platform.machine()}, {os.cpu_count()} cores"}
    with fault_stack() as stack:
        for seconds in options.seconds:
            count = min(options.count, int(60 / seconds)) if seconds else options.count
            figures[f"sink_{seconds * 1000:.0f}_ms"] = _say(compare(stack, count, seconds))
        if options.memory:
            figures["memory"] = _say(memory(stack, options.memory))
    options.output.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0


def _say(figures: Figures) -> Figures:
    print(json.dumps(figures), flush=True)
    return figures


def compare(stack: FaultStack, count: int, seconds: float) -> Figures:
    load = os.getloadavg()[0]
    ready, written = in_a_bare_loop(stack, count, seconds)
    one, cpu = by_workers(stack, count, seconds, workers=1)
    two, _cpu = by_workers(stack, count, seconds, workers=2)
    return {
        "messages": count,
        "sink_seconds": seconds,
        "load_before": round(load, 2),
        "load_after": round(os.getloadavg()[0], 2),
        "bare_ready_per_second": round(ready, 1),
        "bare_writing_too_per_second": round(written, 1),
        "one_worker_per_second": round(one, 1),
        "two_workers_per_second": round(two, 1),
        "cpu_ms_per_message": round(1000 * cpu / count, 1),
        "one_worker_to_bare_ready": round(one / ready, 2),
        "one_worker_to_bare_writing_too": round(one / written, 2),
        "two_workers_to_one": round(two / one, 2),
    }


def in_a_bare_loop(stack: FaultStack, count: int, seconds: float) -> tuple[float, float]:
    """Letters a second over one connection, without an outbox: each written and then sent; and those same letters, ready."""
    from django.core.mail import mailers  # noqa: PLC0415
    from django.test import override_settings  # noqa: PLC0415

    from conference.mail.domain.writing import letter_of, prepare  # noqa: PLC0415
    from conference.mail.models import Message  # noqa: PLC0415
    from conference.settings import mailer_from_url  # noqa: PLC0415
    from tests.faults.own_database import looking_at  # noqa: PLC0415

    with looking_at(stack), override_settings(MAILERS={"default": mailer_from_url(stack.environment["MAIL_URL"])}):
        write_invitations(count)
        sink = stack.sink(seconds=seconds)
        letters = []
        server = mailers.default
        server.open()
        start = time.monotonic()
        for message in Message.objects.select_related("conference"):
            letter = letter_of(message, *prepare(message))
            server.send_messages([letter])
            letters.append((letter.to[0], letter.message(policy=SMTP).as_bytes()))
        written = count / (time.monotonic() - start)
        server.close()
        with smtplib.SMTP("127.0.0.1", stack.mail_port) as line:
            start = time.monotonic()
            for address, content in letters:
                line.sendmail("conference@example.org", [address], content)
            ready = count / (time.monotonic() - start)
        assert sink.total() == 2 * count
        stack.end_programs()
    return ready, written


def by_workers(stack: FaultStack, count: int, seconds: float, *, workers: int) -> tuple[float, float]:
    """Messages a second from the first to the last that arrives, and seconds of processor of all workers."""
    from tests.faults.own_database import looking_at  # noqa: PLC0415

    with looking_at(stack):
        running = [stack.worker() for _number in range(workers)]
        write_invitations(count)
        sink = stack.sink(seconds=seconds)
        before = sum(_processor(worker) for worker in running)
        for _worker in running:
            stack.ask()
        wait_for(lambda: sink.total() >= count, 3600, "all have arrived", every=0.5)
        cpu = sum(_processor(worker) for worker in running) - before
        rate = _rate(sink, count)
        stack.end_programs()
    return rate, cpu


def _rate(sink: SinkProgram, count: int) -> float:
    times = [event["at"] for event in sink.events() if event["event"] == "taken"]
    assert len(times) == count == len(sink.taken())
    return float((count - 1) / (max(times) - min(times)))


def memory(stack: FaultStack, count: int) -> Figures:
    """Resident memory of the process that sends, at each tenth of the way."""
    from tests.faults.own_database import looking_at  # noqa: PLC0415

    with looking_at(stack):
        worker = stack.worker()
        write_invitations(count)
        sink = stack.sink()
        stack.ask()
        steps = []
        for tenth in range(1, 11):
            goal = count * tenth // 10
            wait_for(partial(_have, sink, goal), 3600, f"{tenth} tenths", every=1.0)
            steps.append(round(max(_resident(pid) for pid in worker.children()) / 1024, 1))
        found = {"messages": count, "megabytes": steps, "per_second": round(_rate(sink, count), 1)}
        stack.end_programs()
    return found


def _have(sink: SinkProgram, goal: int) -> bool:
    return sink.total() >= goal


def _ps(pids: Sequence[int], column: str) -> list[str]:
    command = ["ps", "-o", f"{column}=", "-p", ",".join(map(str, pids))]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


def _resident(pid: int) -> int:
    return int(_ps([pid], "rss")[0])


def _processor(worker: Program) -> float:
    """Seconds of processor that the children of a worker have used (Linux)."""
    ticks = 0
    for pid in worker.children():
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def write_invitations(count: int) -> None:
    """``count`` people of one conference, each with a seat, an invitation and its message, as an organiser's click leaves them."""
    from datetime import timedelta  # noqa: PLC0415

    from django.utils import timezone  # noqa: PLC0415

    from conference.mail.enums import Kind  # noqa: PLC0415
    from conference.mail.models import Message  # noqa: PLC0415
    from panels.enums import Source, Standing  # noqa: PLC0415
    from panels.models import Identity, Invitation, Seat, Volunteer  # noqa: PLC0415
    from tests.factories import make_drawn, make_session, make_user  # noqa: PLC0415

    organiser = make_user()
    conference, draw = make_drawn(organiser, seats=20, others=80)
    for _number in range(3):
        make_session(conference)
    deadline = timezone.now() + timedelta(days=12)
    people = Volunteer.objects.bulk_create(
        Volunteer(conference=conference, reference=f"B-{number:05d}", source=Source.IMPORT, standing=Standing.ELIGIBLE)
        for number in range(count)
    )
    Identity.objects.bulk_create(
        Identity(
            volunteer=person,
            conference=conference,
            last_name=f"Dupuis{number}",
            email=f"p{number}@example.org",
            email_key=f"p{number}@example.org",
        )
        for number, person in enumerate(people)
    )
    seats = Seat.objects.bulk_create(
        Seat(conference=conference, draw=draw, number=number) for number in range(1000, 1000 + count)
    )
    invitations = Invitation.objects.bulk_create(
        Invitation(conference=conference, seat=seat, volunteer=person, deadline=deadline)
        for seat, person in zip(seats, people, strict=True)
    )
    Message.objects.bulk_create(
        Message(
            conference=conference,
            kind=Kind.INVITATION,
            recipient_key=f"volunteer:{one.volunteer_id}",
            recipient_email=f"p{number}@example.org",
            recipient_name=f"Camille Dupuis{number}",
            language="fr",
            subject_type="panels.invitation",
            subject_id=str(one.pk),
            occurrence="1",
            due_at=timezone.now(),
            expires_at=deadline,
        )
        for number, one in enumerate(invitations)
    )


if __name__ == "__main__":
    sys.exit(main())
