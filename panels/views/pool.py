"""The pool in the cockpit: who is in it, who waits for a decision, and what is known of one person."""

import csv
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference.access import conference_for, signed_in
from conference.desk import render_desk
from conference.domain.errors import DomainError
from conference.domain.events import record
from conference.enums import Capability
from conference.models import Conference
from panels.domain import registration, volunteers
from panels.enums import ImportState, Source, Standing
from panels.forms.person import DecisionForm, PersonForm, TypedForm, initial_from
from panels.forms.pool import PoolFilter
from panels.models import Criterion, PoolImport, Trait, Volunteer
from panels.models.volunteer import VolunteerQuerySet
from panels.rules import SCREENER

PER_PAGE = 100
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def _reader() -> str:
    return get_language() or "fr"


def _volunteers(conference: Conference) -> VolunteerQuerySet:
    return Volunteer.objects.filter(conference=conference).listed()


def _volunteer(conference: Conference, reference: str) -> Volunteer:
    """A volunteer of a conference that ``conference_for`` has authorised."""
    return get_object_or_404(Volunteer.objects.select_related("conference", "identity", "decided_by"), conference=conference, reference=reference)


def _criteria(conference: Conference) -> list[Criterion]:
    return list(Criterion.objects.filter(conference=conference).prefetch_related("values"))


@login_required
@never_cache
@require_safe
def pool(request: HttpRequest, slug: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.VIEW_PEOPLE)
    everybody = _volunteers(conference)
    counts = everybody.values("standing", "source").annotate(count=Count("pk")).order_by()
    standings = [(choice, choice.label, sum(c["count"] for c in counts if c["standing"] == choice)) for choice in Standing]
    sources = [
        (choice, choice.label, sum(c["count"] for c in counts if c["source"] == choice and c["standing"] == Standing.ELIGIBLE))
        for choice in Source
    ]
    form = PoolFilter(request.GET)
    page = Paginator(form.apply(everybody).named(), PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    by_standing = {choice: count for choice, _label, count in standings}
    context = {
        "page": page, "form": form, "query": query.urlencode(), "filtered": any(query.values()),
        "standings": [entry for entry in standings if entry[2] or entry[0] == Standing.ELIGIBLE],
        "sources": sources,
        "eligible": by_standing[Standing.ELIGIBLE], "waiting": by_standing[Standing.REVIEW], "total": sum(by_standing.values()),
        "wanted": conference.seats * 4,
        "registration_open": registration.is_open(conference),
        "drawn": volunteers.draw_is_live(conference),
        "has_criteria": Criterion.objects.filter(conference=conference).exists(),
        "running": PoolImport.objects.filter(conference=conference).exclude(
            state__in=[ImportState.DONE, ImportState.ABANDONED, ImportState.FAILED]
        ).first(),
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
    criteria = _criteria(conference)
    people = list(_volunteers(conference).filter(identity__isnull=False).exclude(standing=Standing.WITHDRAWN).named())
    record("pool.exported", conference=conference, actor=signed_in(request), count=len(people))
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{conference.slug}-pool.csv"'
    response["Cache-Control"] = "no-store"
    response.write("\ufeff")
    writer = csv.writer(response, delimiter=";")
    person = (
        _("Last name"), _("First name"), _("E-mail address"), _("Telephone"), _("Address"), _("Postcode"), _("Town"),
        _("Year of birth"), _("Language"),
    )
    writer.writerow([_("Reference"), _("Standing"), _("Came through"), *person, *(_safe_cell(c.name) for c in criteria)])
    for volunteer in people:
        identity = volunteer.identity
        values = {trait.criterion_id: trait.value.name for trait in volunteer.traits.all()}
        row = [
            volunteer.reference, volunteer.get_standing_display(), volunteer.get_source_display(),
            identity.last_name, identity.first_name, identity.email, identity.phone, identity.address, identity.postcode,
            identity.city, identity.birth_year, identity.language, *(values.get(criterion.pk, "") for criterion in criteria),
        ]
        writer.writerow([_safe_cell(cell) for cell in row])
    return response


def _answers(volunteer: Volunteer) -> list[tuple[str, str, bool]]:
    """The screener as it was answered: question, answer, whether it raises a doubt."""
    return [
        (str(question.text), _("Yes") if volunteer.screener[question.key] else _("No"),
         volunteer.screener[question.key] is question.doubtful)
        for question in SCREENER
        if question.key in volunteer.screener
    ]


def _traits(volunteer: Volunteer, criteria: list[Criterion]) -> list[tuple[str, str]]:
    reader = _reader()
    values = {trait.criterion_id: trait.value.label(reader) for trait in volunteer.traits.all()}
    return [(criterion.label(reader), values.get(criterion.pk, "")) for criterion in criteria]


@login_required
@never_cache
@require_safe
def review(request: HttpRequest, slug: str) -> HttpResponse:
    """Those who wait for a decision, without names: whoever decides sees answers and criteria only."""
    conference = conference_for(request, slug, Capability.VIEW_PEOPLE)
    criteria = _criteria(conference)
    found = _volunteers(conference).filter(standing=Standing.REVIEW).prefetch_related("traits__value").order_by("reference")
    page = Paginator(found, 20).get_page(request.GET.get("page"))
    waiting = [(volunteer, _answers(volunteer), _traits(volunteer, criteria)) for volunteer in page]
    return render_desk(
        request, "panels/pool_review.html", conference, {"page": page, "waiting": waiting, "form": DecisionForm()}, current="pool"
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, slug: str, reference: str) -> HttpResponse:
    """One decision; a GET shows the same person alone (still without the name)."""
    conference = conference_for(request, slug, Capability.MANAGE)
    volunteer = _volunteer(conference, reference)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        admit = form.cleaned_data["decision"] == "admit"
        try:
            volunteers.decide(volunteer=volunteer, actor=signed_in(request), admit=admit, reason=form.cleaned_data["reason"])
        except DomainError as error:
            form.add_error("reason", error.message)
        else:
            said = _("%(reference)s is in the pool.") if admit else _("%(reference)s is not in the pool.")
            messages.success(request, said % {"reference": volunteer.reference})
            more = Volunteer.objects.filter(conference=conference, standing=Standing.REVIEW).exists()
            return redirect("panels_desk:review" if more else "panels_desk:pool", slug)
    criteria = _criteria(conference)
    context = {
        "volunteer": volunteer, "answers": _answers(volunteer), "traits": _traits(volunteer, criteria), "form": form,
        "waiting": volunteer.standing == Standing.REVIEW,
    }
    status = 422 if form.errors else 200
    return render_desk(request, "panels/pool_decide.html", conference, context, current="pool", status=status)


@login_required
@never_cache
@require_safe
def volunteer(request: HttpRequest, slug: str, reference: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.VIEW_PEOPLE)
    found = _volunteer(conference, reference)
    criteria = _criteria(conference)
    identity = getattr(found, "identity", None)
    known = [
        (field.verbose_name, getattr(identity, field.name))
        for field in identity._meta.fields
        if field.name in volunteers.IDENTITY_FIELDS and field.name != "language" and getattr(identity, field.name)
    ] if identity else []
    context = {
        "volunteer": found, "identity": identity, "known": known, "traits": _traits(found, criteria), "answers": _answers(found),
        "pending": bool(identity and identity.pending),
        "may_withdraw": Standing.WITHDRAWN != found.standing and identity is not None,
        "may_decide": found.standing in {Standing.REVIEW, Standing.EXCLUDED, Standing.ELIGIBLE},
    }
    return render_desk(request, "panels/volunteer.html", conference, context, current="pool")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """Type in a person who answered on paper or by telephone."""
    conference = conference_for(request, slug, Capability.MANAGE)
    criteria = _criteria(conference)
    if not criteria:
        messages.warning(request, _("Define the criteria first: every volunteer has a value of each."))
        return redirect("panels_desk:criteria", slug)
    form = TypedForm(
        request.POST or None, criteria=criteria, reader=_reader(), languages=conference.languages,
        initial={"language": conference.language, "consented_on": conference.local(timezone.now()).date()},
    )
    if request.method == "POST" and form.is_valid():
        day = form.cleaned_data["consented_on"]
        try:
            added = volunteers.type_in(
                conference=conference, actor=signed_in(request), draft=form.draft(conference.language),
                channel=form.cleaned_data["channel"],
                consented_at=datetime(day.year, day.month, day.day, 12, tzinfo=conference.zone),
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _added_sentence(added))
            return redirect("panels_desk:pool_add" if "another" in request.POST else "panels_desk:pool", slug)
    context: dict[str, Any] = {"form": form}
    status = 422 if form.errors else 200
    return render_desk(request, "panels/volunteer_add.html", conference, context, current="pool", status=status)


def _added_sentence(added: Volunteer) -> str:
    if added.standing == Standing.REVIEW:
        said = _("%(reference)s is noted and waits for a decision: %(reason)s.")
        return said % {"reference": added.reference, "reason": added.standing_reason}
    return _("%(reference)s is in the pool.") % {"reference": added.reference}


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str, reference: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.MANAGE)
    found = _volunteer(conference, reference)
    if not hasattr(found, "identity"):
        messages.warning(request, _("The identity of this person was erased: nothing is left to change."))
        return redirect("panels_desk:volunteer", slug, reference)
    values = dict(Trait.objects.filter(volunteer=found).values_list("criterion", "value"))
    form = PersonForm(
        request.POST or None, criteria=_criteria(conference), reader=_reader(), required=False, screener=False,
        initial=initial_from(found, values),
    )
    if request.method == "POST" and form.is_valid():
        try:
            volunteers.change_volunteer(volunteer=found, actor=signed_in(request), draft=form.draft(found.identity.language))
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("%(reference)s is saved.") % {"reference": found.reference})
            return redirect("panels_desk:volunteer", slug, reference)
    context = {"form": form, "volunteer": found}
    status = 422 if form.errors else 200
    return render_desk(request, "panels/volunteer_edit.html", conference, context, current="pool", status=status)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, slug: str, reference: str, act: str) -> HttpResponse:
    """Take a person out at their wish, or erase who they are: a page that says what happens, and a button."""
    conference = conference_for(request, slug, Capability.MANAGE)
    found = _volunteer(conference, reference)
    problem = ""
    if request.method == "POST":
        reason = request.POST.get("reason", "").strip()[:1000]
        try:
            if act == "erase":
                volunteers.erase_volunteer(volunteer=found, actor=signed_in(request), reason=reason)
                messages.success(request, _("The identity of %(reference)s is erased.") % {"reference": found.reference})
            else:
                volunteers.withdraw_from_pool(volunteer=found, actor=signed_in(request), reason=reason)
                messages.success(request, _("%(reference)s is no longer in the pool.") % {"reference": found.reference})
        except DomainError as error:
            problem = error.message
        else:
            return redirect("panels_desk:volunteer", slug, reference)
    context = {"volunteer": found, "act": act, "problem": problem}
    status = 422 if problem else 200
    return render_desk(request, "panels/volunteer_leave.html", conference, context, current="pool", status=status)
