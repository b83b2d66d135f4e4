"""What the columns of a file mean: guessed from their names, corrected by the organiser on the preview page."""

import re
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.models import Conference
from panels.domain.identity import fold
from panels.models import Criterion

# Field: its label, and the folded names under which people have it.
FIELDS: dict[str, str | Promise] = {
    "first_name": gettext_lazy("First name"),
    "last_name": gettext_lazy("Last name"),
    "full_name": gettext_lazy("First and last name in one cell"),
    "email": gettext_lazy("E-mail address"),
    "phone": gettext_lazy("Telephone"),
    "address": gettext_lazy("Address"),
    "postcode": gettext_lazy("Postcode"),
    "city": gettext_lazy("Town"),
    "birth": gettext_lazy("Year or date of birth"),
    "household": gettext_lazy("Household"),
    "language": gettext_lazy("Language"),
    "external_id": gettext_lazy("Number in your file"),
}
REQUIRED = ("first_name", "last_name")
TELLING = ("external_id", "email", "postcode", "birth")  # by at least one of these a person is recognised again

_NAMES: dict[str, tuple[str, ...]] = {
    "first_name": ("prenom", "prenoms", "first name", "firstname", "given name", "forename", "prenom usuel"),
    "last_name": (
        "nom",
        "nom de famille",
        "last name",
        "lastname",
        "surname",
        "family name",
        "nom usuel",
        "nom d'usage",
        "nom de naissance",
        "patronyme",
    ),
    "full_name": (
        "nom et prenom",
        "nom prenom",
        "prenom nom",
        "prenom et nom",
        "nom complet",
        "full name",
        "name",
        "identite",
    ),
    "email": (
        "courriel",
        "email",
        "e mail",
        "mail",
        "adresse electronique",
        "adresse mail",
        "adresse email",
        "adresse e mail",
        "adresse de courriel",
        "email address",
        "e mail address",
        "adresse courriel",
        "mel",
    ),
    "phone": (
        "telephone",
        "tel",
        "portable",
        "mobile",
        "numero de telephone",
        "phone",
        "phone number",
        "n de telephone",
        "telephone portable",
        "telephone mobile",
        "gsm",
    ),
    "address": (
        "adresse",
        "adresse postale",
        "rue",
        "voie",
        "address",
        "street",
        "address line 1",
        "adresse 1",
        "domicile",
    ),
    "postcode": ("code postal", "cp", "postcode", "zip", "zip code", "postal code", "codepostal", "npa"),
    "city": ("ville", "commune", "city", "town", "localite", "commune de residence", "ville de residence"),
    "birth": (
        "annee de naissance",
        "date de naissance",
        "naissance",
        "ne le",
        "nee le",
        "ne e le",
        "birth year",
        "year of birth",
        "date of birth",
        "birthdate",
        "birth date",
        "dob",
        "annee naissance",
        "date naissance",
    ),
    "household": ("foyer", "menage", "household", "numero de foyer", "id foyer", "logement", "household id"),
    "language": ("langue", "language", "langue de correspondance"),
    "external_id": (
        "identifiant",
        "id",
        "numero",
        "n",
        "no",
        "reference",
        "ref",
        "code",
        "matricule",
        "nationbuilder id",
        "external id",
        "numero de dossier",
        "numero d'inscription",
        "identifier",
    ),
}
_FIELD_OF = {name: field for field, names in _NAMES.items() for name in names}


def criteria_of(conference: Conference) -> list[Criterion]:
    """The criteria with their values, in two queries."""
    return list(Criterion.objects.filter(conference=conference).prefetch_related("values"))


def _header_key(header: str) -> str:
    """A header folded, without what people put around it: "Courriel *", "code_postal", "N° (interne)"."""
    plain = re.sub(r"\(.*?\)", " ", fold(header).replace(".", "")) or fold(header)
    return " ".join(re.sub(r"[^a-z0-9' ]+", " ", plain).split())


def known_headers(names: Sequence[str], criteria: Sequence[Criterion]) -> int:
    """How many cells of a row look like column names: tells the header from the title lines above it."""
    return sum(1 for field in guess_mapping(names, criteria).values() if field)


def _criterion_for(header: str, criteria: Sequence[Criterion]) -> Criterion | None:
    key = _header_key(header)
    if not key:
        return None
    for criterion in criteria:
        if key in {_header_key(criterion.name), _header_key(criterion.name_en)} - {""}:
            return criterion
    if key in _FIELD_OF:
        return None
    close = [
        (SequenceMatcher(None, key, _header_key(name)).ratio(), -criterion.pk, criterion)
        for criterion in criteria
        for name in (criterion.name, criterion.name_en)
        if name
    ]
    best = max(close, default=None)
    return best[2] if best and best[0] >= 0.75 else None


def guess_mapping(headers: Sequence[str], criteria: Sequence[Criterion]) -> dict[str, str]:
    """Column index (as text) to field; each field at most once, unknown columns empty."""
    mapping: dict[str, str] = {}
    for index, header in enumerate(headers):
        criterion = _criterion_for(header, criteria)
        field = f"criterion:{criterion.pk}" if criterion else _FIELD_OF.get(_header_key(header), "")
        mapping[str(index)] = field if field not in mapping.values() else ""
    return mapping


def mapping_problems(mapping: Mapping[str, str], criteria: Sequence[Criterion]) -> list[str]:
    """What is missing before rows can be checked, in sentences."""
    used = [field for field in mapping.values() if field]
    problems: list[str] = []
    labels = {**{key: str(label) for key, label in FIELDS.items()}, **{f"criterion:{c.pk}": c.name for c in criteria}}
    twice = sorted({field for field in used if used.count(field) > 1})
    problems += [
        _("Two columns are set to “%(field)s”. Choose one.") % {"field": labels.get(field, field)} for field in twice
    ]
    if "full_name" not in used:
        missing = [labels[field] for field in REQUIRED if field not in used]
        if missing:
            problems.append(_("No column is set to: %(fields)s.") % {"fields": ", ".join(missing)})
    without = [criterion.name for criterion in criteria if f"criterion:{criterion.pk}" not in used]
    if without:
        problems.append(_("No column is set to these criteria: %(criteria)s.") % {"criteria": ", ".join(without)})
    if not set(TELLING) & set(used):
        problems.append(
            _(
                "Nothing would tell two people of the same name apart. Set a column to the e-mail address, "
                "the postcode, the year of birth or the number in your file."
            )
        )
    return problems
