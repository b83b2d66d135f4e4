"""Closed lists of the core app."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Role(TextChoices):
    """What a person is in one conference. What each may do stands in ``rules``."""

    ORGANISER = "organiser", _("Organiser")
    FACILITATOR = "facilitator", _("Facilitator")
    STEERING = "steering", _("Steering committee")
    GUARANTOR = "guarantor", _("Guarantor")
    OBSERVER = "observer", _("Observer")


class Capability(TextChoices):
    """What a page may ask of a member."""

    VIEW = "view", _("see the cockpit")  # state, counts, programme, criteria: nothing about a single person
    VIEW_PEOPLE = "view_people", _("see volunteers and citizens")
    VIEW_LOG = "view_log", _("read the event log")
    FACILITATE = (
        "facilitate",
        _("note what the citizens say and who is present"),
    )  # questions, verdicts, wishes, roll call
    COMMITTEE = "committee", _("approve and sign for the steering committee")  # never the organiser's
    MANAGE = "manage", _("run the conference")


class SessionKind(TextChoices):
    TRAINING = "training", _("Training weekend")
    HEARING = "hearing", _("Public hearing")
    DELIBERATION = "deliberation", _("Deliberation")
    DRAFTING = "drafting", _("Drafting")
    PRESENTATION = "presentation", _("Presentation of the statement")
    MEETING = "meeting", _("Meeting")


class StepKey(TextChoices):
    """The thread of the method, in order."""

    COMMISSION = "commission", pgettext_lazy("step", "Commission")
    FRAME = "frame", pgettext_lazy("step", "Frame")
    INVITE = "invite", pgettext_lazy("step", "Invite")
    DRAW = "draw", pgettext_lazy("step", "Draw")
    PREPARE = "prepare", pgettext_lazy("step", "Prepare")
    HEAR = "hear", pgettext_lazy("step", "Hear")
    DELIBERATE = "deliberate", pgettext_lazy("step", "Deliberate")
    HAND_OVER = "hand_over", pgettext_lazy("step", "Hand over")
    ANSWER = "answer", pgettext_lazy("step", "Answer")


class DocumentAudience(TextChoices):
    PUBLIC = "public", _("Everybody")
    PANEL = "panel", _("The panel")
    EXPERTS = "experts", _("The experts")
    TEAM = "team", _("The team")


class ScanState(TextChoices):
    """What the scanner of files said of a document. Without a scanner all of them stay at WAITING, and are served."""

    WAITING = "waiting", pgettext_lazy("scan", "Waiting to be checked for viruses")
    CLEAN = "clean", pgettext_lazy("scan", "Checked: nothing found")
    INFECTED = "infected", pgettext_lazy("scan", "Dangerous: not handed out")
    FAILED = "failed", pgettext_lazy("scan", "Could not be checked: not handed out, tried again")


class ItemKind(TextChoices):
    """What happens at a moment of the running order."""

    WELCOME = "welcome", _("Welcome")
    TALK = "talk", _("Talk")
    QUESTIONS = "questions", _("Question time")
    TABLES = "tables", _("Work at tables")
    PLENARY = "plenary", _("Plenary")
    BREAK = "break", _("Break")
    OTHER = "other", pgettext_lazy("item", "Other")


class DayPart(TextChoices):
    """Of a half-day; the values stand in addresses."""

    MORNING = "am", pgettext_lazy("half-day", "morning")
    AFTERNOON = "pm", pgettext_lazy("half-day", "afternoon")
