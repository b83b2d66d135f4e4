"""The pool in the cockpit: who is in it, who waits for a decision, and the pool as a file."""

import csv

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference.access import conference_for, signed_in
from conference.desk import render_desk
from conference.domain.errors import DomainError
from conference.enums import Capability
from conference.models import Conference
from panels.domain import registration, volunteers
from panels.domain.imports.columns import criteria_of
from panels.enums import ImportState, Source, Standing
from panels.forms.person import DecisionForm
from panels.forms.pool import PoolFilter
from panels.models import Criterion, PoolImport, Volunteer
from panels.models.volunteer import VolunteerQuerySet
from panels.views.facts import answers_of, traits_of, volunteer_of

PER_PAGE = 100
_ORDER = (Standing.ELIGIBLE, Standing.REVIEW, Standing.UNCONFIRMED, Standing.EXCLUDED, Standing.WITHDRAWN)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def _volunteers(conference: Conference) -> VolunteerQuerySet:
    return Volunteer.objects.filter(conference=conference).listed()


@login_required
@never_cache
@require_safe
def pool(request: HttpRequest, slug: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.VIEW_PEOPLE)
    everybody = _volunteers(conference)
    counts = everybody.values("standing", "source").annotate(count=Count("pk")).order_by()
    standings = [
        (choice, choice.label, sum(c["count"] for c in counts if c["standing"] == choice)) for choice in _ORDER
    ]
    sources = [
        (
            choice,
            choice.label,
            sum(c["count"] for c in counts if c["source"] == choice and c["standing"] == Standing.ELIGIBLE),
        )
        for choice in Source
    ]
    form = PoolFilter(request.GET)
    page = Paginator(form.apply(everybody).named(), PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    by_standing = {choice: count for choice, _label, count in standings}
    context = {
        "page": page,
        "form": form,
        "query": query.urlencode(),
        "filtered": any(query.values()),
        "standings": [entry for entry in standings if entry[2] or entry[0] == Standing.ELIGIBLE],
        "sources": sources,
        "eligible": by_standing[Standing.ELIGIBLE],
        "waiting": by_standing[Standing.REVIEW],
        "total": sum(by_standing.values()),
        "wanted": conference.seats * 4,
        "registration_open": registration.is_open(conference),
        "drawn": volunteers.draw_is_live(conference),
        "has_criteria": Criterion.objects.filter(conference=conference).exists(),
        "running": PoolImport.objects.filter(conference=conference)
        .exclude(state__in=[ImportState.DONE, ImportState.ABANDONED, ImportState.FAILED])
        .first(),
    }
    return render_desk(request, "panels/pool.html", conference, context, current="pool")


def _safe_cell(value: object) -> str:
    """A text that no spreadsheet takes for a formula."""
    text = str(value if value is not None else "")
    return f"'{text}" if text.startswith(_FORMULA) else text


@login_required
@require_POST
def export(request: HttpRequest, slug: str) -> HttpResponse:
    """Everybody with a name, as CSV that Excel opens well. By POST, since it is an act that the log keeps."""
    conference = conference_for(request, slug, Capability.MANAGE)
    criteria = criteria_of(conference)
    people = volunteers.export_pool(conference=conference, actor=signed_in(request))
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{conference.slug}-pool.csv"'
    response["Cache-Control"] = "no-store"
    response.write("\ufeff")
    writer = csv.writer(response, delimiter=";")
    person = (
        _("Last name"),
        _("First name"),
        _("E-mail address"),
        _("Telephone"),
        _("Address"),
        _("Postcode"),
        _("Town"),
        _("Year of birth"),
        _("Language"),
    )
    writer.writerow(
        [_("Reference"), _("Standing"), _("Came through"), *person, *(_safe_cell(c.name) for c in criteria)]
    )
    for volunteer in people:
        identity = volunteer.identity
        values = {trait.criterion_id: trait.value.name for trait in volunteer.traits.all()}
        row = [
            volunteer.reference,
            volunteer.get_standing_display(),
            volunteer.get_source_display(),
            identity.last_name,
            identity.first_name,
            identity.email,
            identity.phone,
            identity.address,
            identity.postcode,
            identity.city,
            identity.birth_year,
            identity.language,
            *(values.get(criterion.pk, "") for criterion in criteria),
        ]
        writer.writerow([_safe_cell(cell) for cell in row])
    return response


@login_required
@never_cache
@require_safe
def review(request: HttpRequest, slug: str) -> HttpResponse:
    """Those who wait for a decision, without names: whoever decides sees answers and criteria only."""
    conference = conference_for(request, slug, Capability.VIEW_PEOPLE)
    criteria = criteria_of(conference)
    found = (
        _volunteers(conference).filter(standing=Standing.REVIEW).prefetch_related("traits__value").order_by("reference")
    )
    page = Paginator(found, 20).get_page(request.GET.get("page"))
    waiting = [(volunteer, answers_of(volunteer), traits_of(volunteer, criteria)) for volunteer in page]
    return render_desk(
        request,
        "panels/pool_review.html",
        conference,
        {"page": page, "waiting": waiting, "form": DecisionForm()},
        current="pool",
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, slug: str, reference: str) -> HttpResponse:
    """One decision; a GET shows the same person alone (still without the name)."""
    conference = conference_for(request, slug, Capability.MANAGE)
    volunteer = volunteer_of(conference, reference)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        admit = form.cleaned_data["decision"] == "admit"
        try:
            volunteers.decide(
                volunteer=volunteer, actor=signed_in(request), admit=admit, reason=form.cleaned_data["reason"]
            )
        except DomainError as error:
            form.add_error("reason", error.message)
        else:
            said = _("%(reference)s is in the pool.") if admit else _("%(reference)s is not in the pool.")
            messages.success(request, said % {"reference": volunteer.reference})
            more = Volunteer.objects.filter(conference=conference, standing=Standing.REVIEW).exists()
            return redirect("panels_desk:review" if more else "panels_desk:pool", slug)
    criteria = criteria_of(conference)
    context = {
        "volunteer": volunteer,
        "answers": answers_of(volunteer),
        "traits": traits_of(volunteer, criteria),
        "form": form,
        "waiting": volunteer.standing == Standing.REVIEW,
    }
    status = 422 if form.errors else 200
    return render_desk(request, "panels/pool_decide.html", conference, context, current="pool", status=status)
