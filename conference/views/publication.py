"""The published programme: what would change, publishing it, each version for the team and for everybody."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from conference.access import conference_for, public_conference, signed_in
from conference.desk import render_desk
from conference.domain import publication as domain
from conference.domain.errors import DomainError
from conference.enums import Capability
from conference.models import Conference, ProgrammeVersion
from conference.programme import conflicts_of
from conference.programme_news import who_is_told
from conference.programme_pages import days_of, public_changes
from conference.programme_words import sentence
from conference.published import Change, compare, from_json, programme_now
from conference.views.acts import status_of
from conference.words import moment


class PublishForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("What changed, in a sentence"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Optional. It stands beside the version, for everybody."),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.MANAGE if request.method == "POST" else Capability.VIEW)
    form = PublishForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and _publish(request, conference, form):
        return redirect("publication:publish", slug)
    versions = list(ProgrammeVersion.objects.filter(conference=conference).select_related("published_by"))
    before = from_json(versions[0].content) if versions else ()
    now = programme_now(conference)
    changes = compare(before, now)
    context = {
        "form": form,
        "versions": [(version, moment(conference, version.published_at)) for version in versions],
        "latest": versions[0] if versions else None,
        "changes": [sentence(conference, change) for change in changes] if versions else [],
        "may_publish": bool(changes) and any(meeting.slots for meeting in (*before, *now)),
        "told": who_is_told(conference.pk, changes, signed_in(request).pk),
        "conflicts": [conflict for conflict in conflicts_of(conference) if not conflict.is_mild],
        "number": versions[0].number + 1 if versions else 1,
        "days": days_of(conference, now, public=False),
    }
    template = "conference/publication/publish.html"
    return render_desk(request, template, conference, context, current="programme", status=status_of(form))


def _publish(request: HttpRequest, conference: Conference, form: PublishForm) -> bool:
    try:
        version = domain.publish_programme(
            conference_id=conference.pk, actor=signed_in(request), note=form.cleaned_data["note"]
        )
    except DomainError as error:
        form.add_error(None, error.message)
        return False
    done = _("Version %(number)s of the programme is published.")
    messages.success(request, done % {"number": version.number})
    return True


@login_required
@require_safe
def desk_version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    conference = conference_for(request, slug, Capability.VIEW)
    version, changes = _version(conference, number)
    context = {
        "version": version,
        "when": moment(conference, version.published_at),
        "changes": [sentence(conference, change) for change in changes],
        "days": days_of(conference, from_json(version.content), public=False),
    }
    return render_desk(request, "conference/publication/version.html", conference, context, current="programme")


def _version(conference: Conference, number: int) -> tuple[ProgrammeVersion, list[Change]]:
    """A version, and what it changed in the one before."""
    found = {
        version.number: version
        for version in ProgrammeVersion.objects.filter(conference=conference, number__in=(number - 1, number))
    }
    if number not in found:
        raise Http404
    if number - 1 not in found:
        return found[number], []
    return found[number], compare(from_json(found[number - 1].content), from_json(found[number].content))


@require_safe
def programme(request: HttpRequest, slug: str, number: int | None = None) -> HttpResponse:
    """For everybody: the newest version, or an earlier one."""
    conference = public_conference(slug)
    numbers = list(ProgrammeVersion.objects.filter(conference=conference).values_list("number", "published_at"))
    if not numbers:
        raise Http404
    version, changes = _version(conference, number or numbers[0][0])
    context = {
        "conference": conference,
        "version": version,
        "when": moment(conference, version.published_at),
        "is_newest": version.number == numbers[0][0],
        "others": [(other, moment(conference, at)) for other, at in numbers if other != version.number],
        "changes": public_changes(conference, changes),
        "days": days_of(conference, from_json(version.content), public=True),
    }
    return render(request, "public/programme.html", context)
