"""A mail server that misbehaves on purpose, in a process of its own: ``python -m tests.faults.sink``.

It speaks SMTP with bare hands, so that it can fall silent or cut the line at every stage. What it does with a message is
written in the address: ``m12.rcpt-450-2@example.org`` is answered 450 at RCPT twice, then taken. Stages: rcpt, data (at
the command), body (in the middle of the text), dot (after all of it, nothing kept), kept (kept, but the answer is lost).
What: a code, ``cut``, or ``hang`` (silence). Stages before a recipient is named (greeting, ehlo, mail, quit) misbehave
with probability ``--line``. Everything that happens is a line in the log.
"""

import argparse
import asyncio
import json
import random
import re
import signal
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from pathlib import Path
from typing import IO

FATE = re.compile(r"\.(rcpt|data|body|dot|kept)-(\d{3}|cut|hang)-(\d+)@")
SILENCE = 3600.0


class Cut(Exception):  # noqa: N818
    """Close the connection without a word."""


@dataclass(slots=True)
class Sink:
    log: IO[str]
    random: random.Random
    line: float = 0.0  # how often the line itself misbehaves
    seconds: float = 0.0  # how long it works on a message before it says 250
    tries: Counter[str] = field(default_factory=Counter)

    def note(self, **what: object) -> None:
        self.log.write(json.dumps({"at": time.time(), **what}) + "\n")
        self.log.flush()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(Cut, ConnectionError, asyncio.IncompleteReadError):
            await self._talk(reader, writer)
        writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        def say(text: str) -> None:
            writer.write(text.encode() + b"\r\n")

        self.note(event="connected")
        await self._perhaps_misbehave("greeting")
        say("220 sink")
        recipient = ""
        while line := await reader.readline():
            verb = line[:4].upper().strip()
            if verb in {b"EHLO", b"HELO"}:
                await self._perhaps_misbehave("ehlo")
                say("250-sink\r\n250 8BITMIME")
            elif verb == b"MAIL":
                await self._perhaps_misbehave("mail")
                say("250 ok")
            elif verb == b"RCPT":
                recipient = line.decode().partition("<")[2].partition(">")[0]
                answer = await self._fate(recipient, "rcpt") or "250 ok"
                say(answer)
                if answer.startswith("421"):
                    return
            elif verb == b"DATA":
                refused = await self._fate(recipient, "data")
                say(refused or "354 go on")
                answer = refused or await self._take(reader, recipient)
                if not refused:
                    say(answer)
                if answer.startswith("421"):
                    return
            elif verb == b"QUIT":
                say("221 bye")
                return
            else:
                say("250 ok")

    async def _take(self, reader: asyncio.StreamReader, recipient: str) -> str:
        await self._fate(recipient, "body")
        content = await reader.readuntil(b"\r\n.\r\n")
        if refused := await self._fate(recipient, "dot"):
            return refused
        if self.seconds:
            await asyncio.sleep(self.seconds)
        headers = message_from_bytes(content.partition(b"\r\n\r\n")[0], policy=policy.compat32)
        self.note(event="taken", to=recipient, id=str(headers["Message-ID"]))
        await self._fate(recipient, "kept")
        return "250 taken"

    async def _fate(self, recipient: str, stage: str) -> str:
        """What the address asks for at this stage; an answer to give, or none. 421 ends the connection."""
        found = FATE.search(recipient)
        if not found or found[1] != stage or self.tries[recipient] >= int(found[3]):
            return ""
        self.tries[recipient] += 1
        what = found[2]
        self.note(event="refused", to=recipient, stage=stage, what=what)
        if what == "cut":
            raise Cut
        if what == "hang":
            await asyncio.sleep(SILENCE)
        return f"{what} said the sink"

    async def _perhaps_misbehave(self, stage: str) -> None:
        if self.random.random() < self.line:
            self.note(event="line", stage=stage)
            if self.random.random() < 0.9:
                raise Cut
            await asyncio.sleep(SILENCE)


async def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.sink")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--line", type=float, default=0.0)
    parser.add_argument("--seconds", type=float, default=0.0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    with options.log.open("a", encoding="utf-8") as log:
        sink = Sink(log, random.Random(options.seed), options.line, options.seconds)
        await asyncio.start_server(sink.serve, "127.0.0.1", options.port, limit=10_000_000)
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(main())
