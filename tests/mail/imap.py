"""A mailbox of the tests: as much of IMAP as fetching mail needs, on loopback."""

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class Mailbox:
    mails: dict[int, bytes] = field(default_factory=dict)
    flags: dict[int, set[str]] = field(default_factory=dict)
    password: str = "only for these tests"
    url: str = ""

    def add(self, raw: bytes) -> int:
        number = len(self.mails) + 1
        self.mails[number], self.flags[number] = raw, set()
        return number

    def left(self) -> dict[int, set[str]]:
        return {number: flags for number, flags in self.flags.items() if number in self.mails}


class _Line(socketserver.StreamRequestHandler):
    box: Mailbox

    def handle(self) -> None:
        self.say("* OK ready")
        for raw in self.rfile:
            tag, _space, command = raw.decode().strip().partition(" ")
            name, _space, rest = command.partition(" ")
            answer = self.answer(name.upper(), rest)
            self.say(f"{tag} {answer}")
            if name.upper() == "LOGOUT":
                return

    def say(self, words: str) -> None:
        self.wfile.write(words.encode() + b"\r\n")

    def answer(self, name: str, rest: str) -> str:
        match name:
            case "CAPABILITY":
                self.say("* CAPABILITY IMAP4rev1")
            case "LOGIN":
                if self.box.password not in rest:
                    return "NO wrong password"
            case "SELECT":
                self.say(f"* {len(self.box.mails)} EXISTS")
                return "OK [READ-WRITE] done" if rest == '"INBOX"' else "NO no such mailbox"
            case "UID":
                return self.by_number(*rest.split(" ", 1))
            case "EXPUNGE":
                for number in [number for number, flags in self.box.flags.items() if r"\Deleted" in flags]:
                    self.box.mails.pop(number, None)
            case "LOGOUT":
                self.say("* BYE")
        return "OK done"

    def by_number(self, verb: str, rest: str) -> str:
        if verb == "SEARCH":
            unseen = [str(number) for number, flags in self.box.left().items() if r"\Seen" not in flags]
            self.say(f"* SEARCH {' '.join(unseen)}".rstrip())
            return "OK done"
        number = int(rest.split(maxsplit=1)[0])
        if verb == "FETCH":
            raw = self.box.mails[number]
            self.wfile.write(f"* {number} FETCH (UID {number} BODY[] {{{len(raw)}}}\r\n".encode() + raw + b")\r\n")
        elif verb == "STORE":
            self.box.flags[number] |= set(re.findall(r"\\\w+", rest))
        return "OK done"


@contextmanager
def mailbox_server() -> Iterator[Mailbox]:
    box = Mailbox()

    class Line(_Line):
        pass

    Line.box = box
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Line) as server:
        server.daemon_threads = True
        box.url = f"imap://bounce:only%20for%20these%20tests@127.0.0.1:{server.server_address[1]}/INBOX"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield box
        finally:
            server.shutdown()
