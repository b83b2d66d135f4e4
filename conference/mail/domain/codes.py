"""What an answer of a mail server says about the address, from its codes (RFC 5321, RFC 3463) or, failing that, its words.

| status          | example                                | the address                    |
|-----------------|----------------------------------------|--------------------------------|
| 5.1.x           | 5.1.1 no such mailbox, 5.1.10 null MX  | is dead                        |
| 5.1.7, 5.1.8    | our own address was not liked          | says nothing                   |
| 5.2.0, 5.2.1    | mailbox closed                         | is dead                        |
| 5.2.2, 5.2.3    | mailbox full, message too long         | lives                          |
| 5.4.x           | 5.4.1 refused there, 5.4.4 no route    | is dead                        |
| 5.4.7           | time ran out                           | says nothing                   |
| 5.3, 5.5, 5.6, 5.7 | their system, the protocol, policy, spam | says nothing               |
| 5.0.0, none     | by the SMTP code and the words         | 550, 551, 553, 556: is dead    |
| 4.x.x           |                                        | says nothing                   |
"""

import re
from dataclasses import dataclass

_STATUS = r"([245]\.\d{1,3}\.\d{1,3})(?!\.?\d)"
_BOTH = re.compile(r"(?<![\d.])([45]\d\d)[- ]+#?" + _STATUS)
_MARKED = re.compile(r"(?:#|\bstatus:? *|\()" + _STATUS, re.IGNORECASE)
_FIRST = re.compile(r"\s*" + _STATUS)
_SMTP = re.compile(
    r"(?:^\s*|said:?|smtp;|respon(?:se|ded)(?: was)?:?|returned:?|error[^\n:]{0,60}:)\s*([45]\d\d)(?=[ -])",
    re.IGNORECASE | re.MULTILINE,
)
_NOBODY = re.compile(
    r"user unknown|unknown user|no such (?:user|recipient|mailbox)|does(?: not|n.t) exist|n.existe pas|invalid recipient"
    r"|recipient.{0,20}not found|unrouteable address|destinataire invalide|address couldn.t be found|adresse introuvable",
    re.IGNORECASE,
)
_FULL = re.compile(r"quota|mailbox(?: is)? full|bo[iî]te.{0,30}pleine|insufficient (?:system )?storage", re.IGNORECASE)
_LIVES = frozenset({"5.1.7", "5.1.8", "5.2.2", "5.2.3", "5.2.4", "5.4.7"})
_DEAD_CODES = frozenset({550, 551, 553, 556})


@dataclass(frozen=True, slots=True)
class Code:
    smtp: int = 0
    status: str = ""

    @property
    def is_permanent(self) -> bool:
        return self.status.startswith("5") or (not self.status and 500 <= self.smtp < 600)

    @property
    def is_known(self) -> bool:
        return bool(self.smtp or self.status)


def read_code(words: str) -> Code:
    """The first codes that are codes for certain: a number in a sentence, an address of a machine, a version is none."""
    if both := _BOTH.search(words):
        return Code(int(both[1]), both[2])
    status = _MARKED.search(words) or _FIRST.match(words)
    smtp = _SMTP.search(words)
    return Code(int(smtp[1]) if smtp else 0, status[1] if status else "")


def address_is_dead(code: Code, words: str = "") -> bool:
    """Whether the answer means that nobody can be reached at this address. In doubt, it does not."""
    if not code.is_permanent or code.status in _LIVES:
        return False
    _class, _dot, rest = code.status.partition(".")
    if rest and rest != "0.0":
        return rest.startswith(("1.", "2.", "4."))
    if _FULL.search(words):
        return False
    return bool(_NOBODY.search(words)) or code.smtp in _DEAD_CODES or (code.smtp == 0 and rest == "0.0")
