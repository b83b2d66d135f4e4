"""A code by mail, besides the link, for what is confidential: six digits, ten minutes, five tries, one browser.

The digits are reckoned when the letter leaves and when they are typed; they stand in no table, task or log.
"""

import hmac
import uuid
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.domain.errors import DomainError
from experts.domain import notices
from experts.domain.record import locked, log
from experts.models import AccessCode

VALID_FOR = timedelta(minutes=10)
TRIES = 5
PER_HOUR = 5
APART = timedelta(seconds=30)  # an impatient second press sends nothing more


def digits_of(code: AccessCode, key: str = "") -> str:
    text = b"concitoyen.expert-code:" + code.uuid.bytes + code.expert_id.to_bytes(8, "big")
    mac = hmac.digest((key or settings.SECRET_KEY).encode(), text, "sha256")
    return f"{int.from_bytes(mac[:8], 'big') % 1_000_000:06d}"


@transaction.atomic
def send_code(*, expert_id: int, in_hand: uuid.UUID | None = None) -> AccessCode:
    """Send a code to the address on file. ``in_hand``: the one that this browser asked for last."""
    expert = locked(expert_id)
    now = timezone.now()
    AccessCode.objects.filter(expert=expert, created_at__lt=now - timedelta(days=1)).delete()
    recent = AccessCode.objects.filter(expert=expert, created_at__gt=now - timedelta(hours=1))
    last = recent.filter(uuid=in_hand, used_at=None, created_at__gt=now - APART).first() if in_hand else None
    if last:
        return last
    if recent.count() >= PER_HOUR:
        raise DomainError(_("Too many codes were asked for within the hour. Wait a little, then ask again."))
    code = AccessCode.objects.create(expert=expert, created_at=now, expires_at=now + VALID_FOR)
    notices.send_code(code)
    return code


def use_code(*, expert_id: int, in_hand: uuid.UUID | None, digits: str) -> None:
    """Check what was typed; raise the sentence that says what is wrong. A code opens once.

    Not one transaction with its error: a wrong try must be counted even though it is refused.
    """
    refusal = _try(expert_id, in_hand, "".join(sign for sign in digits if sign.isdecimal()))
    if refusal:
        raise DomainError(refusal)


@transaction.atomic
def _try(expert_id: int, in_hand: uuid.UUID | None, digits: str) -> str:
    expert = locked(expert_id)
    code = AccessCode.objects.filter(expert=expert, uuid=in_hand).first() if in_hand else None
    if code is None or code.used_at or code.tries >= TRIES or code.expires_at <= timezone.now():
        return _("This code no longer works. Ask for a new one.")
    code.tries += 1
    if not _matches(code, digits):
        code.save(update_fields=["tries"])
        left = TRIES - code.tries
        if not left:
            return _("This code no longer works after five wrong tries. Ask for a new one.")
        return ngettext(
            "These are not the digits of the last message. %(left)s try is left.",
            "These are not the digits of the last message. %(left)s tries are left.",
            left,
        ) % {"left": left}
    code.used_at = timezone.now()
    code.save(update_fields=["tries", "used_at"])
    log("expert.code_used", expert, actor=None)
    return ""


def _matches(code: AccessCode, digits: str) -> bool:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]  # a key may be changed while a letter is on its way
    return any(hmac.compare_digest(digits_of(code, key).encode(), digits.encode()) for key in keys)
