"""An expert's calendar as an address that a calendar program asks again and again."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_safe

from experts.feeds import calendar_of, expert_of_feed


@never_cache
@require_safe
@sensitive_variables("token")
def feed(request: HttpRequest, token: str) -> HttpResponse:
    expert = expert_of_feed(token)
    if expert is None:
        raise Http404
    return HttpResponse(calendar_of(expert), content_type="text/calendar; charset=utf-8")
