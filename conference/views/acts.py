"""What every page of the cockpit does with an act: do it and say so, or say why not."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest

from conference.domain.errors import DomainError


def attempt(request: HttpRequest, act: Callable[[], Any], done: str) -> bool:
    try:
        act()
    except DomainError as error:
        messages.error(request, error.message)
        return False
    messages.success(request, done)
    return True


def typed(request: HttpRequest, name: str, most: int = 1000) -> str:
    """What somebody wrote in a field that belongs to no form: in signs that the database takes, and not endlessly."""
    return request.POST.get(name, "").replace("\0", "").encode("utf-8", "ignore").decode()[:most]


def status_of(form: BaseForm) -> int:
    """422 for a page that comes back with errors."""
    return 422 if form.is_bound and not form.is_valid() else 200
