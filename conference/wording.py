"""Sentences of the event log for the core app's acts."""

from django.utils.translation import gettext_lazy as _

from conference import account_letters, audiences, desk, mail_kinds, programme_news, samples  # noqa: F401 - register the pages of the cockpit and the kinds of message
from conference.domain.events import register_verbs

register_verbs(
    {
        "conference.created": _("The conference was created"),
        "conference.changed": _("The settings were changed: %(fields)s"),
        "conference.published": _("The public page was made visible"),
        "conference.hidden": _("The public page was hidden"),
        "colleague.added": _("%(name)s was added as %(role)s"),
        "colleague.changed": _("What the public reads of %(name)s was changed"),
        "colleague.reminded": _("A new link to set a password was sent to %(name)s"),
        "colleague.role_changed": _("%(name)s is now %(role)s (was %(before)s)"),
        "colleague.removed": _("%(name)s was removed (was %(role)s)"),
        "session.added": _("Session “%(title)s” was added"),
        "session.changed": _("Session “%(title)s” was changed: %(fields)s"),
        "session.cancelled": _("Session “%(title)s” was cancelled"),
        "programme.published": _("The programme was published, version %(number)s (%(changes)s changes)"),
        "step.planned": _("Step “%(step)s” was planned"),
        "step.done": _("Step “%(step)s” was marked as done"),
        "step.reopened": _("Step “%(step)s” was reopened"),
        "document.added": _("Document “%(title)s” was added"),
        "document.infected": _("The scanner found something dangerous in document “%(title)s”: it is not handed out"),
        "document.removed": _("Document “%(title)s” was removed"),
        "record.changed": _("Changed in the admin: %(record)s (%(fields)s)"),
        "text.changed": _("The words of a message were changed: %(message)s (%(language)s), version %(number)s"),
        "text.default": _("A message has the program’s own words again: %(message)s (%(language)s)"),
        "message.to_many": _("Messages to many were ordered: %(message)s, %(count)s people"),
        "message.free": _("A free message was written to %(count)s people"),
        "message.moved": _("A message was given another time: %(message)s"),
        "message.held": _("A message was held back: %(message)s"),
        "message.released": _("A message was released: %(message)s"),
        "message.sent_now": _("A message was sent without waiting: %(message)s"),
        "message.address_lifted": _("An address that took no mail is written to again: %(message)s"),
        "message.cancelled": _("A message was cancelled: %(message)s"),
    }
)
