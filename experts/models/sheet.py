"""The information file of the citizens: chapters, sheets with their versions, who vouches for them, and the glossary."""

import hashlib
import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from conference.models import Conference, Document
from conference.models.conference import LANGUAGE_CHOICES
from experts.enums import Opinion, Position, SheetKind
from experts.models.expert import Expert


class InformationFile(models.Model):
    """Whether everybody may read the file, or the panel alone. Made with the first change."""

    conference = models.OneToOneField(
        Conference, on_delete=models.CASCADE, related_name="information_file", primary_key=True
    )
    published_at = models.DateTimeField(_("open to everybody since"), null=True, blank=True)

    class Meta:
        verbose_name = _("information file")
        verbose_name_plural = _("information files")

    def __str__(self) -> str:
        return str(self.conference_id)


class Chapter(models.Model):
    """A part of the information file."""

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="chapters")
    position = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(_("title"), max_length=160)

    class Meta:
        verbose_name = _("chapter")
        verbose_name_plural = _("chapters")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.title


class SheetQuerySet(models.QuerySet["Sheet"]):
    def published(self) -> Self:
        return self.filter(models.Exists(SheetVersion.objects.published().filter(sheet=models.OuterRef("pk"))))

    def with_versions(self) -> Self:
        """With ``released`` (newest first), ``drafts`` and the pair, in a constant number of queries."""
        vouched = SheetVersion.objects.prefetch_related("readings", "opinions")
        return self.select_related(
            "chapter", "expert", "pair_as_for__against_sheet", "pair_as_against__for_sheet"
        ).prefetch_related(
            "documents",
            models.Prefetch("versions", SheetVersion.objects.published(), to_attr="released"),
            models.Prefetch("versions", vouched.filter(published_at=None), to_attr="drafts"),
        )


class Sheet(models.Model):
    """What citizens read on one point. The text lives in versions; ``title`` is that of the newest published one.

    Who writes and where they stand is part of what is vouched for: it is fixed once a version is published.
    """

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="sheets")
    chapter = models.ForeignKey(
        Chapter, on_delete=models.SET_NULL, verbose_name=_("chapter"), related_name="sheets", null=True, blank=True
    )
    position_in_chapter = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(_("title"), max_length=160)
    language = models.CharField(_("language"), max_length=5, choices=LANGUAGE_CHOICES, default="fr")
    kind = models.CharField(_("what the sheet does"), max_length=10, choices=SheetKind.choices)
    expert = models.ForeignKey(
        Expert, on_delete=models.SET_NULL, verbose_name=_("author among the experts"), null=True, blank=True,
        related_name="sheets",
    )  # fmt: skip
    author_name = models.CharField(_("author"), max_length=160)
    position = models.CharField(_("the author’s position"), max_length=20, choices=Position.choices, blank=True)
    documents = models.ManyToManyField(Document, verbose_name=_("documents"), blank=True, related_name="sheets")
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[SheetQuerySet] = SheetQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("sheet")
        verbose_name_plural = _("sheets")
        ordering = ["chapter__position", "chapter_id", "position_in_chapter", "id"]
        constraints = [
            models.CheckConstraint(
                name="sheet_that_argues_takes_a_side",
                condition=Q(kind="informs") | Q(position__in=["for", "rather_for", "rather_against", "against"]),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def argues(self) -> bool:
        return self.kind == SheetKind.ARGUES

    @property
    def opposite(self) -> "Sheet | None":
        """The sheet that says the opposite. One query unless the pair was fetched with the sheet."""
        for name, other in (("pair_as_for", "against_sheet"), ("pair_as_against", "for_sheet")):
            pair: SheetPair | None = getattr(self, name, None)
            if pair is not None:
                found: Sheet = getattr(pair, other)
                return found
        return None


class SheetPair(models.Model):
    """Two sheets that say the opposite of each other. One row for both: neither can point at the other alone."""

    for_sheet = models.OneToOneField(Sheet, on_delete=models.CASCADE, related_name="pair_as_for")
    against_sheet = models.OneToOneField(Sheet, on_delete=models.CASCADE, related_name="pair_as_against")

    class Meta:
        verbose_name = _("pair of opposed sheets")
        verbose_name_plural = _("pairs of opposed sheets")
        constraints = [
            models.CheckConstraint(
                name="a_sheet_does_not_oppose_itself", condition=~Q(for_sheet=models.F("against_sheet"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.for_sheet_id} / {self.against_sheet_id}"


class SheetVersionQuerySet(models.QuerySet["SheetVersion"]):
    def published(self) -> Self:
        return self.exclude(published_at=None)


class SheetVersion(models.Model):
    """A text as it was published, with who vouched for it. A published version is never changed: the database refuses it.

    ``ready_at``: the draft is offered to the lay reader and the committee. ``override_reason``: why the organiser
    published it without the committee's signature; the readers see it.
    """

    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="versions")
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    link_version = models.PositiveSmallIntegerField(default=1)  # raised to revoke the lay reader's link
    number = models.PositiveSmallIntegerField(_("version"), null=True, blank=True)
    title = models.CharField(_("title"), max_length=160)
    text = models.TextField(_("text (Markdown)"), max_length=40000)
    change_note = models.CharField(_("what changed"), max_length=300, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now=True)
    ready_at = models.DateTimeField(_("offered for reading and signature"), null=True, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    override_reason = models.CharField(_("why without the committee"), max_length=500, blank=True)

    objects: ClassVar[SheetVersionQuerySet] = SheetVersionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("version of a sheet")
        verbose_name_plural = _("versions of a sheet")
        ordering = ["-number", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "number"], name="sheet_version_once"),
            models.UniqueConstraint(fields=["sheet"], condition=Q(published_at=None), name="one_sheet_draft_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"{self.sheet_id} v{self.number or '-'}"

    def fingerprint(self) -> str:
        """Of all that somebody vouches for: who says what, and from where. Another text is another fingerprint."""
        sheet = self.sheet
        parts = (self.title, self.text, sheet.author_name, sheet.kind, sheet.position)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()


class LayReading(models.Model):
    """A lay reader's tick: "I have read it and understood it". It holds for the text that was read, and no other."""

    version = models.ForeignKey(SheetVersion, on_delete=models.CASCADE, related_name="readings")
    fingerprint = models.CharField(max_length=64)
    name = models.CharField(_("name"), max_length=160)
    remark = models.CharField(_("remark"), max_length=500, blank=True)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )  # empty: by the reader's link
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("lay reader’s tick")
        verbose_name_plural = _("lay readers’ ticks")
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["version", "fingerprint", "name"], name="lay_reading_once")]

    def __str__(self) -> str:
        return self.name


class SheetOpinion(models.Model):
    """What a member of the committee says of one text. Their newest word on a text holds."""

    version = models.ForeignKey(SheetVersion, on_delete=models.CASCADE, related_name="opinions")
    fingerprint = models.CharField(max_length=64)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=200)
    opinion = models.CharField(_("opinion"), max_length=10, choices=Opinion.choices)
    reason = models.CharField(_("reason"), max_length=1000, blank=True)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("committee’s word on a sheet")
        verbose_name_plural = _("committee’s words on sheets")
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["version", "fingerprint", "signed_by"], name="sheet_opinion_once"),
            models.CheckConstraint(
                name="sheet_objection_has_a_reason", condition=Q(opinion="approves") | ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.opinion}"


class GlossaryEntry(models.Model):
    """A word that citizens may not know. ``forms``: other spellings and plurals, one on each line."""

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="glossary")
    language = models.CharField(_("language"), max_length=5, choices=LANGUAGE_CHOICES, default="fr")
    term = models.CharField(_("term"), max_length=80)
    forms = models.TextField(_("other forms"), max_length=500, blank=True)
    definition = models.TextField(_("definition"), max_length=1000)

    class Meta:
        verbose_name = _("glossary entry")
        verbose_name_plural = _("glossary")
        ordering = [Lower("term")]
        constraints = [
            models.UniqueConstraint("conference", "language", Lower("term"), name="glossary_term_once"),
        ]

    def __str__(self) -> str:
        return self.term

    @property
    def spellings(self) -> list[str]:
        return [self.term, *(line.strip() for line in self.forms.splitlines() if line.strip())]
