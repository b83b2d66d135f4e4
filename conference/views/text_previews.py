"""How words read before they are saved: for a real recipient or an invented one, in a frame that trusts them as a stranger's."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from conference.access import conference_for, signed_in, text_version_for
from conference.enums import Capability
from conference.mail.domain.kinds import Text
from conference.mail.domain.places import EDITABLE
from conference.mail.domain.texts import Problem, latest, problems, text_of
from conference.mail.enums import Kind
from conference.mail.models import Message
from conference.models import Conference, Membership
from conference.models.conference import LANGUAGE_CHOICES
from conference.samples import Sample, sample
from conference.sendings import sending_of

LANGUAGES = dict(LANGUAGE_CHOICES)
FIRST = "first"  # of those whom a message to many would reach
DRAFT_KEPT = 900  # seconds during which the frame of a preview finds the words that were not saved
# A letter is shown as a stranger's: no script, no form, nothing from elsewhere.
LETTER_CSP = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "frame-ancestors": ["'self'"],
    "sandbox": ["allow-popups"],
}


@dataclass(frozen=True)
class Preview:
    """How words read, and what keeps them from being saved."""

    sample: Sample
    problems: list[Problem]
    url: str  # where the letter stands by itself


def kind_of(kind: str, language: str) -> Kind:
    if kind not in EDITABLE or language not in LANGUAGES:
        raise Http404
    return Kind(kind)


def may(request: HttpRequest, capability: Capability) -> bool:
    membership: Membership = request.membership  # type: ignore[attr-defined]
    return membership.may(capability)


def person_of(request: HttpRequest, conference: Conference, kind: Kind, key: str) -> Message | None:
    """The message whose recipient the text is shown for; nobody where the member may not see people."""
    if not may(request, Capability.VIEW_PEOPLE):
        return None
    if key == FIRST:
        return first_of_many(conference, kind)
    try:
        uuid = UUID(key)
    except ValueError:
        return None
    return Message.objects.select_related("conference").filter(conference=conference, kind=kind, uuid=uuid).first()


def first_of_many(conference: Conference, kind: Kind) -> Message | None:
    """What the first of those who wait for this message would get, written nowhere."""
    waiting = sending_of(conference, kind)
    if waiting is None or not waiting.addressees:
        return None
    to = waiting.addressees[0]
    return Message(
        conference=conference,
        kind=kind,
        recipient_key=to.recipient.key,
        recipient_name=to.recipient.name,
        language=to.recipient.language,
        subject_type=to.subject_type,
        subject_id=str(to.subject_id),
    )


def preview_of(
    request: HttpRequest,
    conference: Conference,
    kind: Kind,
    language: str,
    words: Text,
    *,
    person: Message | None = None,
    saved: bool = False,
) -> Preview:
    """Words that are not saved wait in the cache for the frame that shows them: no names, and not for long."""
    query = {"person": str(person.uuid) if person.pk else FIRST} if person else {}
    if not saved:
        key = uuid4().hex
        cache.set(_draft_key(request, key), {"subject": words.subject, "body": words.body}, DRAFT_KEPT)
        query["draft"] = key
    url = reverse("mail:text_letter", args=[conference.slug, kind, language], query=query)
    shown = sample(conference, kind, language, words, message=person)
    return Preview(shown, problems(kind, language, words), url)


def _draft_key(request: HttpRequest, key: str) -> str:
    return f"text-draft:{signed_in(request).pk}:{key}"


@login_required
@never_cache
@require_safe
@csp_override(LETTER_CSP)
@xframe_options_sameorigin
def letter(request: HttpRequest, slug: str, kind: str, language: str) -> HttpResponse:
    """The HTML of a letter by itself, for the frame of the preview: words being written, a version, or those in force."""
    of = Kind.FREE if kind == Kind.FREE and "draft" in request.GET else kind_of(kind, language)
    conference = conference_for(request, slug, Capability.VIEW)
    person = person_of(request, conference, of, request.GET.get("person", ""))
    shown = sample(conference, of, language, _words(request, conference, of, language), message=person)
    if shown.rendered is None:
        return HttpResponse(shown.note, content_type="text/plain; charset=utf-8")
    return HttpResponse(SafeString(shown.rendered.html))


def _words(request: HttpRequest, conference: Conference, kind: Kind, language: str) -> Text:
    if language not in LANGUAGES:
        raise Http404
    if "draft" in request.GET:
        draft = cache.get(_draft_key(request, request.GET["draft"][:40]))
        if draft is None:
            raise Http404
        return Text(draft["subject"], draft["body"])
    number = request.GET.get("version", "")
    if number.isdecimal():
        return text_of(
            text_version_for(request, conference.slug, kind, language, int(number), Capability.VIEW), kind, language
        )
    return text_of(latest(conference.pk, kind, language), kind, language)
