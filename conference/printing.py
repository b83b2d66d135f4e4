"""What can be printed for the room, by a name that stands in the address. Rooms above register theirs when they start."""

from collections.abc import Callable

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from conference.models import Conference, Membership
from conference.print.paper import About
from conference.words import moment

# Of the member's conference, and no more than this member may see; None where there is nothing to print yet.
type Maker = Callable[[Membership], bytes | None]

_MAKERS: dict[str, Maker] = {}


def register_printed(what: str, make: Maker) -> None:
    _MAKERS[what] = make


def maker_of(what: str) -> Maker | None:
    return _MAKERS.get(what)


def about_of(conference: Conference, title: str) -> About:
    author = conference.organised_by or conference.commissioner
    return About(title, author, get_language() or conference.language)


def foot_of(conference: Conference) -> str:
    """On every page that is printed: of which conference, and as of when."""
    return f"{conference.title} · " + _("printed on %(when)s") % {"when": moment(conference, timezone.now())}
