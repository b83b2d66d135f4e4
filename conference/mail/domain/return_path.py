"""The address to which mail servers send back what they cannot deliver: it names the message and is signed.

Whoever receives a message can read its return path, so a report proves no more than that it comes from somebody whom the
message reached on its way. That is enough: it can only say something about this one message. Small letters only, since
some servers turn the whole address into them.
"""

import base64
import hmac
import re
import uuid

from django.conf import settings

_SIGNED = re.compile(r"(?<![a-z2-7])([a-z2-7]{26})\.([a-z2-7]{16})(?![a-z2-7])", re.IGNORECASE)


def _small(raw: bytes) -> str:
    return base64.b32encode(raw).decode().rstrip("=").lower()


def _signature(key: str, name: uuid.UUID) -> str:
    return _small(hmac.digest(key.encode(), b"concitoyen.return_path:" + name.bytes, "sha256")[:10])


def return_path(name: uuid.UUID) -> str:
    """The envelope sender of this message; empty where none is set up: then the sender's own address serves."""
    local, _at, domain = settings.BOUNCE_ADDRESS.rpartition("@")
    return f"{local}+{_small(name.bytes)}.{_signature(settings.SECRET_KEY, name)}@{domain}" if local else ""


def read_return_path(address: str) -> uuid.UUID | None:
    """The message that a return path names; None for anything unsigned or forged."""
    for name, signature in _SIGNED.findall(address):
        try:
            found = uuid.UUID(bytes=base64.b32decode(name.upper() + "======"))
        except ValueError:
            continue
        if _small(found.bytes) != name.lower():
            continue  # the last letter has bits to spare: one message, one spelling
        keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
        if any(hmac.compare_digest(signature.lower(), _signature(key, found)) for key in keys):
            return found
    return None
