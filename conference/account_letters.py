"""Letters of the sign-in pages. They go through the outbox: a slow mail server keeps no web request waiting.

The link is made when the letter is written, so it is stored nowhere; what stays of a letter is that it was sent. They go
before all others, for somebody sits and waits, and after an hour they are of no use.
"""

import secrets
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from conference.mail.domain import outbox
from conference.mail.domain.kinds import Content, ReasonGone, Text, register_kind
from conference.mail.enums import Kind
from conference.mail.models import Message
from conference.mail_kinds import password_link
from conference.models import User

ABOUT = "conference.account"
PASSWORD, UNKNOWN = "password_reset_key", "unknown_account"  # names of templates
OF_USE = timedelta(hours=1)


def ask_for(letter: str, *, email: str, user: User | None) -> None:
    """Each time that somebody asks is a letter of its own."""
    language = (get_language() or settings.LANGUAGE_CODE)[:2]
    key = f"user:{user.pk}" if user else "account:unknown"
    outbox.schedule(
        kind=Kind.ACCOUNT,
        recipient=outbox.Recipient(key, email, str(user) if user else "", language),
        conference_id=None,
        subject_type=ABOUT,
        subject_id=user.pk if user else "",
        occurrence=secrets.token_hex(8),
        expires_at=timezone.now() + OF_USE,
        data={"letter": letter},
        priority=outbox.AT_ONCE,
    )


def build(message: Message) -> Content:
    letter, link = message.data["letter"], ""
    if letter == PASSWORD:
        user = User.objects.filter(pk=message.subject_id, is_active=True).first()
        if user is None:
            raise ReasonGone(_("The account was removed"))
        link = password_link(user)
    with override(message.language):
        return Content(
            {"email": message.recipient_email},
            action_url=link,
            action_label=_("Choose my password") if link else "",
            text=_text(letter),
        )


def _text(letter: str) -> Text:
    """What a stranger typed stands in a place, where nothing in it is read as Markdown or as a place."""
    site = urlsplit(settings.SITE_URL).hostname
    words = {"email": "{email}", "password_reset_url": "{button}", "current_site": {"domain": site}}
    subject, body = (render_to_string(f"account/email/{letter}_{part}.txt", words) for part in ("subject", "message"))
    return Text(subject.strip(), body.strip())


def _forget(message: Message) -> None:
    """Nothing is kept of it, nor the address of somebody who has no account here."""
    blank = {"subject": "", "body_text": ""} | ({} if message.subject_id else {"recipient_email": ""})
    Message.objects.filter(pk=message.pk).update(**blank)


register_kind(Kind.ACCOUNT, build, after_sent=_forget, on_failed=lambda message, permanent: _forget(message))
