"""Letters in the cockpit, the short address that they bear, and the page that says whether one is real."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference.access import conference_for, signed_in
from conference.desk import render_desk
from conference.domain.errors import DomainError
from conference.enums import Capability
from conference.models import Conference
from conference.printing import about_of
from conference.words import moment, plain_day
from panels import access
from panels.domain import invitations
from panels.domain import letters as domain
from panels.files.letter import letters_pdf
from panels.files.roster import roster
from panels.forms.panel import DressedForm
from panels.letter_words import short_site, words_of
from panels.models import Identity, Invitation, Letter
from panels.views.citizen import speak_their_language

TRIES_AN_HOUR, TRIES_OF_ALL = 20, 1000
TYPES = {"pdf": "application/pdf", "csv": "text/csv; charset=utf-8"}


@dataclass(frozen=True)
class LetterRow:
    """Somebody to write to. ``is_chosen``: no e-mail reaches them, and no letter was made yet."""

    invitation: Invitation
    identity: Identity
    letter: Letter | None
    deadline: str
    made: str
    is_chosen: bool


# -- In the cockpit ----------------------------------------------------------------------------------------------------
@login_required
@never_cache
@require_safe
def letters(request: HttpRequest, slug: str) -> HttpResponse:
    conference = conference_for(request, slug, Capability.VIEW_PEOPLE)
    waiting = domain.waiting_for(conference)
    made = domain.last_letters(waiting)
    context = {
        "rows": [_row(conference, one, made.get(one.pk)) for one in waiting],
        "without": sum(not domain.has_mail(one) for one in waiting),
        "written": len(made),
    }
    return render_desk(request, "panels/letters.html", conference, context, current="panel")


def _row(conference: Conference, invitation: Invitation, letter: Letter | None) -> LetterRow:
    return LetterRow(
        invitation,
        invitation.volunteer.identity,
        letter,
        deadline=moment(conference, invitation.deadline),
        made=plain_day(conference.local(letter.made_at).date()) if letter else "",
        is_chosen=letter is None and not domain.has_mail(invitation),
    )


@login_required
@never_cache
@require_POST
def make(request: HttpRequest, slug: str) -> HttpResponse:
    """The PDF or the CSV of the chosen letters."""
    conference = conference_for(request, slug, Capability.MANAGE)
    chosen = [int(pk) for pk in request.POST.getlist("invitation") if pk.isascii() and pk.isdigit()]
    kind = "csv" if request.POST.get("format") == "csv" else "pdf"
    anew = request.POST.get("anew") == "yes"
    try:
        with transaction.atomic():  # a letter that cannot be printed does not count as sent
            made = domain.make_letters(conference=conference, actor=signed_in(request), invitations=chosen, anew=anew)
            content = _csv(made) if kind == "csv" else _pdf(conference, made)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("panels_desk:letters", slug)
    response = HttpResponse(content, content_type=TYPES[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}-letters.{kind}"'
    return response


def _pdf(conference: Conference, made: list[domain.Addressed]) -> bytes:
    return letters_pdf([words_of(one) for one in made], about_of(conference, conference.title))


def _csv(made: list[domain.Addressed]) -> bytes:
    header = [
        _("First name"),
        _("Last name"),
        _("Address"),
        _("Postcode"),
        _("Town"),
        _("Language"),
        _("Reference"),
        _("Address to type"),
        _("Code"),
        _("Content of the QR code"),
    ]
    rows = [
        [
            one.identity.first_name,
            one.identity.last_name,
            one.identity.address,
            one.identity.postcode,
            one.identity.city,
            one.identity.language,
            one.letter.reference,
            short_site(),
            one.code,
            one.address,
        ]
        for one in made
    ]
    return roster(header, rows, language=get_language() or "fr")


# -- The short address -------------------------------------------------------------------------------------------------
class CodeForm(DressedForm):
    code = forms.CharField(
        label=gettext_lazy("The code in your letter"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        help_text=gettext_lazy("Ten letters and digits, in two groups."),
    )


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def short(request: HttpRequest) -> HttpResponse:
    """Where somebody types the code of their letter."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    status, is_lost = 200, False
    if request.method == "POST":
        if form.is_valid():
            code = form.cleaned_data["code"]
            invitation = _opened(request, code)
            if invitation:
                invitations.note_opened(invitation_id=invitation.pk)
                return _to_their_page(request, invitation)
            is_lost = _is_lost(request, code)
            form.add_error("code", _wrong(request, code))
        status = 422
    return render(request, "panels/short.html", {"form": form, "is_lost": is_lost}, status=status)


@sensitive_variables("code")
def _is_lost(request: HttpRequest, code: str) -> bool:
    """A code that a letter may have borne: a fresh link can be asked for, whether one did or not."""
    if not domain.plain(code) or _too_many(request):
        return False
    access.remember_lost_letter(request, domain.of_any_letter(code))
    return True


def _wrong(request: HttpRequest, code: str) -> str:
    if _too_many(request):
        return _("That was a lot of tries. Please try again in an hour, or call us: the letter says how.")
    if not domain.plain(code):
        return _("This is not a code from one of our letters. Check each sign: it has ten of them.")
    return _("This code opens no page, or no longer. Please call us or write to us: the letter says how.")


@sensitive_variables("code")
@never_cache
@require_safe
def short_link(request: HttpRequest, code: str) -> HttpResponse:
    """The address in the QR code. Like the link of a mail: looking changes nothing, and the code leaves the address."""
    is_look = request.method == "HEAD"
    invitation = None if is_look else _opened(request, code)
    if invitation:
        response = _to_their_page(request, invitation)
    else:
        is_lost = not is_look and _is_lost(request, code)
        response = redirect("panels:invitation_lost" if is_lost else "panels:short")
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@sensitive_variables("code")
def _opened(request: HttpRequest, code: str) -> Invitation | None:
    """Wrong codes are counted, by connection and together; right ones are not."""
    if _too_many(request):
        return None
    invitation = domain.by_code(code)
    if invitation is None:
        access.within_limit("code", _here(request), times=TRIES_AN_HOUR, seconds=3600)
        access.within_limit("code", "all", times=TRIES_OF_ALL, seconds=3600)
    return invitation


def _here(request: HttpRequest) -> str:
    return f"from:{access.connection(request)}"


def _too_many(request: HttpRequest) -> bool:
    return access.is_over("code", _here(request), times=TRIES_AN_HOUR) or access.is_over(
        "code", "all", times=TRIES_OF_ALL
    )


def _to_their_page(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    response = redirect("panels:invitation")
    access.remember(request, invitation)
    speak_their_language(request, response, invitation)
    return response


# -- Is this letter real? ----------------------------------------------------------------------------------------------
class RealForm(DressedForm):
    reference = forms.CharField(
        label=gettext_lazy("Reference of the letter"),
        max_length=20,
        help_text=gettext_lazy("At the foot of the page: L-204-518."),
    )
    postcode = forms.CharField(
        label=gettext_lazy("Postcode to which it was sent"),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "postal-code", "inputmode": "text"}),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def real(request: HttpRequest) -> HttpResponse:
    """Yes or no, and nothing else."""
    form = RealForm(request.POST if request.method == "POST" else None)
    answer = None
    if form.is_valid():
        here = access.within_limit("letter", access.connection(request), times=TRIES_AN_HOUR, seconds=3600)
        if not (here and access.within_limit("letter", "all", times=TRIES_OF_ALL, seconds=3600)):
            form.add_error(None, _("That was a lot of tries. Please try again in an hour, or call us."))
        else:
            answer = domain.is_real(**form.cleaned_data)
    context = {"form": form, "answer": answer}
    return render(request, "panels/letter_real.html", context, status=422 if form.errors else 200)
