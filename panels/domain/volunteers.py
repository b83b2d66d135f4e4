"""Acts on one volunteer: typing in, changing, deciding, withdrawing, erasing. Each locks the conference first."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, IntegerField, Max
from django.db.models.functions import Cast, Substr
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.domain.errors import DomainError
from conference.domain.events import record
from conference.mail.domain import outbox
from conference.models import Conference, User
from panels.domain.identity import email_key, household_key, person_key
from panels.domain.locking import lock_conference
from panels.enums import BINDING, STANDING_TRANSITIONS, Source, Standing
from panels.models import Draw, Identity, Invitation, Trait, Value, Volunteer
from panels.rules import doubts

IDENTITY_FIELDS = (
    "first_name",
    "last_name",
    "email",
    "phone",
    "address",
    "postcode",
    "city",
    "birth_year",
    "language",
    "external_id",
)


@dataclass(frozen=True)
class PersonDraft:
    """A person as typed in: by themselves, or by an organiser from paper or the telephone."""

    first_name: str
    last_name: str
    email: str = ""
    phone: str = ""
    address: str = ""
    postcode: str = ""
    city: str = ""
    birth_year: int | None = None
    language: str = "fr"
    values: Mapping[int, int] = field(default_factory=dict)  # criterion: value
    screener: Mapping[str, bool] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "PersonDraft":
        values = {int(criterion): int(value) for criterion, value in data["values"].items()}
        return cls(**{**data, "values": values})

    def identity(self) -> dict[str, Any]:
        """The fields of ``Identity``, folded keys included."""
        return {
            "first_name": self.first_name,
            "last_name": self.last_name,
            "email": self.email,
            "phone": self.phone,
            "address": self.address,
            "postcode": self.postcode,
            "city": self.city,
            "birth_year": self.birth_year,
            "language": self.language,
            "email_key": email_key(self.email),
            "person_key": self.person_key,
        }

    @property
    def person_key(self) -> str:
        return person_key(
            first_name=self.first_name, last_name=self.last_name, postcode=self.postcode, birth_year=self.birth_year
        )


def next_number(conference: Conference) -> int:
    """The number of the next reference. The conference must be locked; references are never given twice."""
    numbers = Volunteer.objects.filter(conference=conference).annotate(
        number=Cast(Substr("reference", 3), IntegerField())
    )
    return int(numbers.aggregate(last=Max("number"))["last"] or 0) + 1


def reference(number: int) -> str:
    return f"V-{number:04d}"


def change_standing(volunteer: Volunteer, to: Standing) -> None:
    """Check the one table of transitions and set the standing (unsaved)."""
    if to not in STANDING_TRANSITIONS[Standing(volunteer.standing)]:
        raise DomainError(
            _("%(reference)s is “%(standing)s”: this is not possible any more.")
            % {"reference": volunteer.reference, "standing": volunteer.get_standing_display()}
        )
    volunteer.standing = to


def draw_is_live(conference: Conference) -> bool:
    """Whether a draw is announced or made: the pool is frozen."""
    return Draw.objects.filter(conference=conference, state__in=BINDING).exists()


def household_of(conference: Conference, draft: PersonDraft) -> str:
    return household_key(
        conference_uuid=conference.uuid, address=draft.address, postcode=draft.postcode, city=draft.city
    )


def write_traits(volunteer: Volunteer, values: Mapping[int, int]) -> bool:
    """Set the values; those that this conference has no more are left out. Says whether anything changed."""
    known = dict(
        Value.objects.filter(criterion__conference_id=volunteer.conference_id, pk__in=values.values()).values_list(
            "criterion", "pk"
        )
    )
    standing = dict(Trait.objects.filter(volunteer=volunteer).values_list("criterion", "value"))
    changed = {criterion: value for criterion, value in known.items() if standing.get(criterion) != value}
    Trait.objects.filter(volunteer=volunteer, criterion__in=changed).delete()
    Trait.objects.bulk_create(
        Trait(volunteer=volunteer, criterion_id=criterion, value_id=value) for criterion, value in changed.items()
    )
    return bool(changed)


def same_person(conference: Conference, draft: PersonDraft, *, besides: int | None = None) -> Volunteer | None:
    """The volunteer whom this draft describes already, by address, else by name with postcode or year of birth."""
    others = Identity.objects.filter(conference=conference).exclude(volunteer=besides).select_related("volunteer")
    found = others.filter(email_key=email_key(draft.email)).first() if draft.email.strip() else None
    if found is None and not draft.person_key.endswith("||"):
        found = others.filter(person_key=draft.person_key).first()
    return found.volunteer if found else None


def create_volunteer(
    conference: Conference, draft: PersonDraft, *, source: Source, standing: Standing, **fields: Any
) -> Volunteer:
    """Write a new volunteer with identity and traits. The conference must be locked."""
    volunteer = Volunteer.objects.create(
        conference=conference,
        reference=reference(next_number(conference)),
        source=source,
        standing=standing,
        screener=dict(draft.screener),
        household=household_of(conference, draft),
        **fields,
    )
    Identity.objects.create(volunteer=volunteer, conference=conference, **draft.identity())
    write_traits(volunteer, draft.values)
    return volunteer


def doubts_in_words(screener: Mapping[str, bool]) -> str:
    """Why a person waits, for whoever decides."""
    return ", ".join(str(question.reason) for question in doubts(screener))


@transaction.atomic
def type_in(
    *, conference: Conference, actor: User, draft: PersonDraft, channel: str, consented_at: datetime
) -> Volunteer:
    """Add a person who answered on paper or by telephone (``channel``: "paper" or "telephone")."""
    conference = lock_conference(conference.pk)
    double = same_person(conference, draft)
    if double is not None:
        raise DomainError(
            _("This person is there already as %(reference)s. Open that entry to change it.")
            % {"reference": double.reference}
        )
    doubtful = doubts_in_words(draft.screener)
    volunteer = create_volunteer(
        conference,
        draft,
        source=Source.TYPED,
        standing=Standing.REVIEW if doubtful else Standing.ELIGIBLE,
        standing_reason=doubtful,
        consented_at=consented_at,
    )
    record(
        f"volunteer.typed_{channel}", conference=conference, actor=actor, obj=volunteer, reference=volunteer.reference
    )
    if doubtful:
        record("volunteer.to_review", conference=conference, actor=actor, obj=volunteer, reference=volunteer.reference)
    return volunteer


@transaction.atomic
def change_volunteer(*, volunteer: Volunteer, actor: User, draft: PersonDraft) -> Volunteer:
    """Correct what is known of a person. After a draw was asked for, what they were drawn by stays as it was."""
    conference = lock_conference(volunteer.conference_id)
    volunteer = Volunteer.objects.select_for_update(of=("self",)).select_related("identity").get(pk=volunteer.pk)
    double = same_person(conference, draft, besides=volunteer.pk)
    if double is not None:
        raise DomainError(
            _("Another entry, %(reference)s, has this address, or this name with the same postcode and year of birth.")
            % {"reference": double.reference}
        )
    identity = volunteer.identity
    changed = [name for name, value in draft.identity().items() if getattr(identity, name) != value]
    old_email = identity.email
    for name, value in draft.identity().items():
        setattr(identity, name, value)
    identity.save()
    fields = [Identity.label_of(name) for name in changed if name in IDENTITY_FIELDS]
    standing = dict(Trait.objects.filter(volunteer=volunteer).values_list("criterion", "value"))
    if any(standing.get(criterion) != value for criterion, value in draft.values.items()):
        if draw_is_live(conference) and volunteer.entries.exists():
            raise DomainError(_("The draw was made with this person’s criteria: they cannot be changed any more."))
        write_traits(volunteer, draft.values)
        fields.append(_("criteria"))
    household = household_of(conference, draft)
    if household and household != volunteer.household and {"address", "postcode", "city"} & set(changed):
        volunteer.household = household
        volunteer.save(update_fields=["household"])
    if old_email and old_email != identity.email:
        _kill_links(volunteer)
    outbox.recipient_changed(
        recipient=outbox.Recipient(recipient_key(volunteer), identity.email, str(identity), identity.language)
    )
    if fields:
        record(
            "volunteer.changed",
            conference=conference,
            actor=actor,
            obj=volunteer,
            reference=volunteer.reference,
            fields=", ".join(fields),
        )
    return volunteer


def _kill_links(volunteer: Volunteer) -> None:
    """Whoever read the wrong address holds links to this person's pages: they open nothing any more."""
    Invitation.objects.filter(volunteer=volunteer).update(version=F("version") + 1, bounced_at=None)
    Volunteer.objects.filter(pk=volunteer.pk).update(link_version=F("link_version") + 1)


def recipient_key(volunteer: Volunteer) -> str:
    return f"volunteer:{volunteer.pk}"


@transaction.atomic
def decide(*, volunteer: Volunteer, actor: User, admit: bool, reason: str) -> Volunteer:
    """Admit a person who waits, or not; the reason is kept with who decided and when."""
    conference = lock_conference(volunteer.conference_id)
    volunteer = Volunteer.objects.select_for_update().get(pk=volunteer.pk)
    if not reason.strip():
        raise DomainError(_("Write the reason: it is kept with the decision, and the person may ask for it."))
    if (
        volunteer.standing == Standing.ELIGIBLE
        and not admit
        and draw_is_live(conference)
        and volunteer.entries.exists()
    ):
        raise DomainError(_("This person took part in the draw. Free their seat on the panel’s page instead."))
    change_standing(volunteer, Standing.ELIGIBLE if admit else Standing.EXCLUDED)
    volunteer.standing_reason = reason.strip()
    volunteer.decided_by, volunteer.decided_at = actor, timezone.now()
    volunteer.save(update_fields=["standing", "standing_reason", "decided_by", "decided_at"])
    verb = "volunteer.admitted" if admit else "volunteer.excluded"
    record(
        verb, conference=conference, actor=actor, obj=volunteer, reason=reason.strip(), reference=volunteer.reference
    )
    return volunteer


@transaction.atomic
def withdraw_from_pool(*, volunteer: Volunteer, actor: User | None = None, reason: str = "") -> Volunteer:
    """Take a person out of the pool at their wish (by themselves where ``actor`` is None).

    Name and addresses go at once. What stays until the conference's date are the folded keys: by them the same file,
    imported again, does not bring the person back.
    """
    conference = lock_conference(volunteer.conference_id)
    volunteer = Volunteer.objects.select_for_update().get(pk=volunteer.pk)
    holds_seat = Invitation.objects.holding().filter(volunteer=volunteer).exists()  # called up from the pool, say
    if holds_seat or (draw_is_live(conference) and volunteer.entries.exclude(place="not_drawn").exists()):
        raise DomainError(
            _("The draw has been made and this person has a place in it. Answer the invitation, or write to us.")
        )
    change_standing(volunteer, Standing.WITHDRAWN)
    volunteer.standing_reason, volunteer.screener, volunteer.household = reason.strip(), {}, ""
    volunteer.save(update_fields=["standing", "standing_reason", "screener", "household"])
    Identity.objects.filter(volunteer=volunteer).update(
        first_name="", last_name="", email="", phone="", address="", postcode="", city="", birth_year=None, pending={}
    )
    outbox.erase_recipient(recipient_key=recipient_key(volunteer))
    label = "" if actor else _("citizen %(reference)s") % {"reference": volunteer.reference}
    record(
        "volunteer.withdrawn",
        conference=conference,
        actor=actor,
        actor_label=label,
        obj=volunteer,
        reason=reason.strip(),
        reference=volunteer.reference,
    )
    return volunteer


@transaction.atomic
def export_pool(*, conference: Conference, actor: User) -> list[Volunteer]:
    """Everybody who has a name, for a file; the log keeps who took it and how many people it held."""
    people = list(
        Volunteer.objects.filter(conference=conference, identity__isnull=False)
        .exclude(standing=Standing.WITHDRAWN)
        .named()
    )
    record("pool.exported", conference=conference, actor=actor, count=len(people))
    return people
