"""Personal links: signed, scoped to one thing, revocable by version, nothing secret in the database.

A token is the base64url of 16 bytes of UUID, 2 bytes of version and 16 bytes (128 bits) of HMAC-SHA-256 over scope,
UUID and version. Raising the version kills every earlier link. ``SECRET_KEY_FALLBACKS`` keep old links alive while a key
is rotated. The scope keeps an expert's link from opening a citizen's page.
"""

import base64
import binascii
import hmac
import uuid
from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True)
class Token:
    uuid: uuid.UUID
    version: int


def _mac(key: str, scope: str, payload: bytes) -> bytes:
    return hmac.digest(key.encode(), b"concitoyen.links:" + scope.encode() + b":" + payload, "sha256")[:16]


def make_token(scope: str, subject: uuid.UUID, version: int) -> str:
    """The token, 46 URL-safe characters."""
    payload = subject.bytes + version.to_bytes(2, "big")
    return base64.urlsafe_b64encode(payload + _mac(settings.SECRET_KEY, scope, payload)).decode().rstrip("=")


def read_token(scope: str, token: str) -> Token | None:
    """What the token says, or None for anything malformed, foreign or forged (one answer for all of them)."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    if len(raw) != 34:
        return None
    payload, mac = raw[:18], raw[18:]
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    if not any(hmac.compare_digest(mac, _mac(key, scope, payload)) for key in keys):
        return None
    return Token(uuid.UUID(bytes=raw[:16]), int.from_bytes(raw[16:18], "big"))


def absolute(path: str) -> str:
    """The full address of a path, for mail."""
    return f"{settings.SITE_URL}{path}"
