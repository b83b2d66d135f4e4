"""What fills the letters about the experts' own pages: the code, and the word on fee and travel."""

from decimal import Decimal

from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from conference.mail.domain.kinds import Content, ReasonGone, register_kind
from conference.mail.enums import Kind
from conference.mail.models import Message
from conference.words import NBSP
from experts.domain.claims import total_of
from experts.domain.codes import VALID_FOR, digits_of
from experts.domain.letters import content_for, expert_of
from experts.enums import ClaimState
from experts.models import AccessCode, Claim

HIDDEN = "••• •••"


def euros(amount: Decimal, language: str) -> str:
    """ "412,60 €"; "€412.60" """
    with translation.override(language):
        number = formats.number_format(amount, decimal_pos=2, use_l10n=True, force_grouping=True)
    return f"{number}{NBSP}€" if language == "fr" else f"€{number}"


def _spaced(code: AccessCode) -> str:
    digits = digits_of(code)
    return f"{digits[:3]}{NBSP}{digits[3:]}"


def code_letter(message: Message) -> Content:
    """No link in it: who finds this letter alone opens nothing with it."""
    expert = expert_of(message)
    code = AccessCode.objects.filter(pk=message.data.get("code"), expert=expert, used_at=None).first()
    if code is None or code.expires_at <= timezone.now():
        raise ReasonGone(_("The code no longer works"))
    minutes = str(VALID_FOR.seconds // 60)
    content = content_for(expert, message, "", code=_spaced(code), minutes=minutes)
    return Content(placeholders=content.placeholders, reply_to=content.reply_to, from_name=content.from_name)


def hide_code(message: Message) -> None:
    """The copy that colleagues may read keeps no code, not even one that has run out."""
    code = AccessCode.objects.filter(pk=message.data.get("code")).first()
    kept = Message.objects.filter(pk=message.pk).values_list("body_text", flat=True).first()
    if code and kept:
        Message.objects.filter(pk=message.pk).update(body_text=kept.replace(_spaced(code), HIDDEN))


def claim_letter(message: Message) -> Content:
    expert = expert_of(message)
    claim = Claim.objects.select_related("expert").filter(expert=expert).first()
    if claim is None or claim.state != message.data.get("state"):
        raise ReasonGone(_("The account has changed since"))
    with translation.override(message.language):
        return content_for(
            expert,
            message,
            _("Open my page"),
            decision=_decision(claim),
            amount=euros(total_of(claim), message.language),
            note=claim.note,
        )


def _decision(claim: Claim) -> str:
    if claim.state == ClaimState.ACCEPTED:
        return _("We have accepted your account of fee and travel. It now goes to payment.")
    return _("Thank you for your account of fee and travel. Before we accept it, we have a question:")


register_kind(Kind.EXPERT_CODE, code_letter, hide_code)
register_kind(Kind.EXPERT_CLAIM, claim_letter)
