"""Letters: the same invitation, for those whom a letter reaches better than an e-mail.

The short address in a letter is made from the invitation and its version with a key of the server, so that it is stored
nowhere and a letter that is printed again bears the same one. What is stored is its keyed hash, by which it is found.
"""

import hmac
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.domain.errors import DomainError
from conference.domain.events import record
from conference.links import absolute
from conference.models import Conference, User
from panels.domain.identity import fold
from panels.domain.invitations import mark_sent, renew
from panels.domain.locking import lock_conference
from panels.enums import WAITING, Way
from panels.models import Identity, Invitation, Letter

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXY"  # nothing that is misread; 29 signs, a prime, for the check
LENGTH = 9  # 43 bits, and tries are few; the tenth character checks the others


@dataclass(frozen=True)
class Addressed:
    """A letter with what its paper bears: ``code`` is the short address's own part (ABCDE-FGHJK)."""

    letter: Letter
    invitation: Invitation
    identity: Identity
    code: str

    @property
    def address(self) -> str:
        return absolute(f"/l/{self.code}/")


def _check_character(code: str) -> str:
    """A weighted sum modulo a prime: it tells every single wrong character and every two neighbours swapped."""
    return ALPHABET[sum((place + 2) * ALPHABET.index(sign) for place, sign in enumerate(code)) % len(ALPHABET)]


def code_of(invitation: Invitation, version: int, *, key: str | None = None) -> str:
    digest = hmac.digest(
        (key or settings.SECRET_KEY).encode(), b"panels.letters:%s:%d" % (invitation.uuid.bytes, version), "sha256"
    )
    number, signs = int.from_bytes(digest, "big"), []
    for _place in range(LENGTH):
        number, sign = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[sign])
    code = "".join(signs)
    code += _check_character(code)
    return f"{code[:5]}-{code[5:]}"


def plain(typed: str) -> str:
    """As typed, without regard to case, spaces and hyphens; empty when it cannot be a code."""
    code = "".join(sign for sign in typed.upper() if sign.isalnum())
    if len(code) != LENGTH + 1 or any(sign not in ALPHABET for sign in code):
        return ""
    return code if _check_character(code[:LENGTH]) == code[LENGTH] else ""


def _digest(code: str, key: str) -> str:
    return hmac.digest(key.encode(), b"panels.letters.digest:" + plain(code).encode(), "sha256").hex()


def by_code(typed: str) -> Invitation | None:
    """The invitation that this short address opens, if the letter is still the latest."""
    letter = _letter(typed)
    return letter.invitation if letter and letter.version == letter.invitation.version else None


def of_any_letter(typed: str) -> Invitation | None:
    """The invitation of a letter, also of one that has been replaced: it opens nothing, and says whom to write to."""
    letter = _letter(typed)
    return letter.invitation if letter else None


def _letter(typed: str) -> Letter | None:
    if not plain(typed):
        return None
    digests = [_digest(typed, key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    return (
        Letter.objects.filter(digest__in=digests, invitation__volunteer__identity__isnull=False)
        .select_related("invitation__conference", "invitation__seat", "invitation__volunteer__identity")
        .first()
    )


def is_real(*, reference: str, postcode: str) -> bool:
    """Whether a letter with this reference went to this postcode. Nothing else can be learnt here."""
    number = "".join(sign for sign in reference if sign.isascii() and sign.isdigit())
    letter = (
        Letter.objects.filter(reference=f"L-{number[:3]}-{number[3:]}")
        .select_related("invitation__volunteer__identity")
        .first()
    )
    known = getattr(letter.invitation.volunteer, "identity", None) if letter else None
    there = fold(known.postcode).replace(" ", "") if known else ""
    return bool(there) and hmac.compare_digest(there.encode(), fold(postcode).replace(" ", "").encode())


def waiting_for(conference: Conference, *, lock: bool = False) -> list[Invitation]:
    """Whom a letter can still invite: no answer yet, and an address to write to; those whom no e-mail reaches first."""
    found = Invitation.objects.filter(
        conference=conference, state__in=WAITING, deadline__gt=timezone.now(), volunteer__identity__isnull=False
    ).select_related("volunteer__identity", "seat", "conference")
    if lock:
        found = found.select_for_update(of=("self",), no_key=True)
    reachable = [one for one in found if one.volunteer.identity.address and one.volunteer.identity.postcode]
    return sorted(reachable, key=lambda one: (has_mail(one), one.seat.number))


def has_mail(invitation: Invitation) -> bool:
    """Whether e-mail reaches this person, as far as is known."""
    return bool(invitation.volunteer.identity.email) and invitation.bounced_at is None


@transaction.atomic
def make_letters(
    *, conference: Conference, actor: User, invitations: Sequence[int], anew: bool = False
) -> list[Addressed]:
    """Letters for these invitations (their ids); made again they are the same. Marks the invitations as sent.

    ``anew``: with new codes; earlier letters, and the links of earlier messages, open nothing any more.
    """
    conference = lock_conference(conference.pk)
    chosen = [one for one in waiting_for(conference, lock=True) if one.pk in set(invitations)]
    if not chosen:
        raise DomainError(_("Nobody to write to is chosen. Choose at least one person."))
    earlier = last_letters(chosen)
    if anew:
        for invitation in chosen:
            if invitation.pk in earlier:
                renew(invitation)
                _tell("letter.renewed", invitation, actor)
        earlier = last_letters(chosen)
    written = [_addressed(invitation, actor, earlier.get(invitation.pk)) for invitation in chosen]
    for invitation in chosen:
        mark_sent(invitation_id=invitation.pk, at=timezone.now(), way=Way.LETTER)
    record("letter.batch", conference=conference, actor=actor, count=len(written))
    return written


def _tell(verb: str, invitation: Invitation, actor: User, **data: str) -> None:
    reference = invitation.volunteer.reference
    record(verb, conference=invitation.conference, actor=actor, obj=invitation, reference=reference, **data)


def _addressed(invitation: Invitation, actor: User, letter: Letter | None) -> Addressed:
    code = code_of(invitation, invitation.version)
    if letter is None:
        letter = Letter.objects.create(
            invitation=invitation,
            version=invitation.version,
            reference=_free_reference(),
            digest=_digest(code, settings.SECRET_KEY),
            made_by=actor,
        )
        _tell("letter.made", invitation, actor, letter=letter.reference)
    return Addressed(letter, invitation, invitation.volunteer.identity, code)


def _free_reference() -> str:
    while True:
        number = f"{secrets.randbelow(900_000) + 100_000}"
        reference = f"L-{number[:3]}-{number[3:]}"
        if not Letter.objects.filter(reference=reference).exists():
            return reference


def last_letters(invitations: Iterable[Invitation]) -> dict[int, Letter]:
    """The letter in force of each invitation that has one, by the invitation's id."""
    versions = {invitation.pk: invitation.version for invitation in invitations}
    found = Letter.objects.filter(invitation__in=versions)
    return {letter.invitation_id: letter for letter in found if letter.version == versions[letter.invitation_id]}
