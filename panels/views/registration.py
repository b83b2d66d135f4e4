"""The public registration page, and the personal page that the link in the mail opens."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from conference.access import public_conference
from conference.domain.errors import DomainError
from conference.links import read_token
from conference.models import Conference
from panels.access import connection, digest, within_limit
from panels.domain import registration as acts
from panels.domain.identity import email_key
from panels.domain.volunteers import PersonDraft, draw_is_live, withdraw_from_pool
from panels.enums import Standing
from panels.forms.person import RegistrationForm
from panels.models import Criterion, Value, Volunteer
from panels.own_draw import own_draws
from panels.rules import SCREENER
from panels.views.proof import proof_file

PER_CONNECTION, PER_ADDRESS, SECONDS = 30, 5, 3600  # a family or a library shares one connection


def _reader() -> str:
    return get_language() or "fr"


def _criteria(conference: Conference) -> list[Criterion]:
    return list(Criterion.objects.filter(conference=conference).prefetch_related("values"))


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest, slug: str) -> HttpResponse:
    conference = public_conference(slug)
    criteria = _criteria(conference)
    if not acts.is_open(conference) or not criteria:
        closed = {"conference": conference, "why": acts.why_closed(conference)}
        return render(request, "panels/register_closed.html", closed, status=410 if request.method == "POST" else 200)
    form = RegistrationForm(
        request.POST or None,
        criteria=criteria,
        reader=_reader(),
        languages=conference.languages,
        initial={"language": _reader() if _reader() in conference.languages else conference.language},
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_from_a_program:
            return redirect("panels:register_sent", slug)
        if form.is_valid():
            if _register(request, conference, form):
                return redirect("panels:register_sent", slug)
            status = 429
    return render(request, "panels/register.html", {"conference": conference, "form": form}, status=status)


@sensitive_variables()
def _register(request: HttpRequest, conference: Conference, form: RegistrationForm) -> bool:
    """Note it and say whether to show the neutral page, which is the same for a known and an unknown address."""
    if not within_limit("register-from", connection(request), times=PER_CONNECTION, seconds=SECONDS):
        form.add_error(
            None, _("Many registrations have come from this connection. Wait an hour and send it again, or call us.")
        )
        return False
    draft = form.draft(conference.language)
    key = digest(f"{conference.pk}:{email_key(draft.email)}")
    if not within_limit("register-address", key, times=PER_ADDRESS, seconds=SECONDS):
        return True  # this address has had enough mail for now; the page says what it always says
    try:
        acts.register(conference=conference, draft=draft)
    except DomainError as error:
        form.add_error(None, error.message)
        return False
    return True


@never_cache
@require_safe
def sent(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "panels/register_sent.html", {"conference": public_conference(slug)})


def _by_link(token: str) -> Volunteer | None:
    read = read_token(acts.SCOPE, token)
    if read is None:
        return None
    return (
        Volunteer.objects.select_related("conference", "identity")
        .filter(uuid=read.uuid, link_version=read.version, identity__isnull=False)
        .first()
    )


def _in_words(draft: PersonDraft, conference: Conference) -> list[tuple[str, str]]:
    """What was typed, for the person to look at before confirming."""
    reader = _reader()
    place = " ".join(part for part in (draft.postcode, draft.city) if part)
    rows = [
        (_("Name"), f"{draft.first_name} {draft.last_name}"),
        (_("E-mail address"), draft.email),
        (_("Telephone"), draft.phone),
        (_("Address"), ", ".join(part for part in (draft.address, place) if part)),
        (_("Year of birth"), str(draft.birth_year or "")),
    ]
    values = Value.objects.filter(criterion__conference=conference, pk__in=draft.values.values()).select_related(
        "criterion"
    )
    rows += [(value.criterion.label(reader), value.label(reader)) for value in values.order_by("criterion__position")]
    rows += [
        (str(question.text), _("Yes") if draft.screener[question.key] else _("No"))
        for question in SCREENER
        if question.key in draft.screener
    ]
    return [(label, text) for label, text in rows if text]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def personal(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link: confirm, see where one stands, withdraw. Looking at it changes nothing."""
    volunteer = _by_link(token)
    if volunteer is None or acts.link_has_expired(volunteer):
        return render(request, "panels/register_dead_link.html", {}, status=404)
    problem = ""
    if request.method == "POST":
        try:
            _act(request, volunteer)
        except DomainError as error:
            problem = error.message
        else:
            return redirect("panels:registration_link", token)
    return _personal_page(request, volunteer, problem, token)


@never_cache
@require_safe
def proof(request: HttpRequest, token: str, number: int) -> HttpResponse:
    """The file by which a volunteer proves that they are in the list of an announced draw."""
    return proof_file(_by_link(token), number)


def _act(request: HttpRequest, volunteer: Volunteer) -> None:
    match request.POST.get("act"):
        case "confirm":
            acts.confirm(volunteer=volunteer, seen=request.POST.get("seen", ""))
        case "withdraw":
            withdraw_from_pool(volunteer=volunteer)
        case _:
            raise Http404


def _personal_page(request: HttpRequest, volunteer: Volunteer, problem: str, token: str) -> HttpResponse:
    volunteer = get_object_or_404(Volunteer.objects.select_related("conference", "identity"), pk=volunteer.pk)
    draft = acts.awaiting(volunteer)
    drawn = draw_is_live(volunteer.conference)
    own = own_draws(volunteer.conference, volunteer)
    context = {
        "conference": volunteer.conference,
        "volunteer": volunteer,
        "problem": problem,
        "draft": draft if not drawn else None,
        "answers": _in_words(draft, volunteer.conference) if draft else [],
        "seen": acts.digest(draft) if draft else "",
        "drawn": drawn,
        "in_pool": volunteer.standing in {Standing.ELIGIBLE, Standing.REVIEW},
        "may_withdraw": volunteer.standing in {Standing.ELIGIBLE, Standing.REVIEW} and not drawn,
        "own": next((draw for draw in own if draw.in_force), None),
        "own_draws": [
            (draw, reverse("panels:registration_proof", args=[token, draw.shown.draw.number])) for draw in own
        ],
        "new": volunteer.standing == Standing.UNCONFIRMED,
    }
    return render(request, "panels/register_personal.html", context, status=422 if problem else 200)
