"""The mail catcher: speaks SMTP on loopback, delivers nothing, keeps every message for /dev/mail/."""

import argparse
import asyncio
import json
import os
import secrets
import signal
import socket
import time
from email import message_from_bytes, policy
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

LARGEST_MESSAGE = 40_000_000
INDEX = "index.jsonl"


def keep(folder: Path, sender: str, recipients: list[str], content: bytes) -> str:
    """Store the message whole, then name it in the index: who reads the index never meets half a message."""
    name = f"{time.time_ns():020d}-{secrets.token_hex(3)}"
    draft = folder / f".{name}"
    draft.write_bytes(content)
    draft.replace(folder / f"{name}.eml")
    headers = message_from_bytes(content, policy=policy.default)
    line = {"id": name, "sender": sender, "recipients": recipients, "subject": str(headers.get("Subject", ""))}
    descriptor = os.open(folder / INDEX, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(descriptor, json.dumps(line).encode() + b"\n")
    finally:
        os.close(descriptor)
    return name


class Handler:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.original_content or b""
        name = keep(self.folder, envelope.mail_from or "", list(envelope.rcpt_tos), content)
        return f"250 Kept as {name}"


async def serve(listener: socket.socket, folder: Path) -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    handler = Handler(folder)
    server = await loop.create_server(
        lambda: SMTP(handler, hostname="localhost", enable_SMTPUTF8=True, data_size_limit=LARGEST_MESSAGE),
        sock=listener,
    )
    await stop.wait()
    server.close()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m conference.local.catcher")
    parser.add_argument("--descriptor", type=int, required=True, help="a listening socket that we inherit")
    parser.add_argument("--folder", type=Path, required=True)
    options = parser.parse_args()
    os.umask(0o077)
    options.folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(serve(socket.socket(fileno=options.descriptor), options.folder))


if __name__ == "__main__":
    main()
