"""The balance board on other rooms' pages, and its dates in words."""

from datetime import date, datetime
from typing import Any

from django import template

from conference import words
from conference.enums import Capability
from conference.models import Conference, Membership
from experts.balance.scene import Scope
from experts.board_pages import committee_page, page_of, public_name
from experts.domain.board import board_of, committee_of
from experts.models import Expert, Wish

register = template.Library()


@register.simple_tag
def moment(conference: Conference, at: datetime) -> str:
    """ "Friday 4 December 2026 at 6 pm", on the conference's clock."""
    return words.moment(conference, at)


@register.simple_tag
def plain_day(of: date) -> str:
    """ "Friday 4 December 2026" """
    return words.plain_day(of)


@register.inclusion_tag("experts/board/public_summary.html")
def public_balance(conference: Conference) -> dict[str, Any]:
    """The balance of those who are invited or have accepted, in short, with the way to the whole board.

    One query as long as there is nothing to show, nine afterwards, and one for the scale.
    """
    concerned, wished = (
        Expert.objects.filter(conference=conference).concerned(),
        Wish.objects.filter(conference=conference),
    )
    if not concerned.order_by().values("pk").union(wished.order_by().values("pk")).exists():
        return {}
    wishes = list(wished.select_related("expert"))
    board = board_of(conference)
    name_of = public_name(board)
    return {
        "conference": conference,
        "board": page_of(board, Scope.INVITED, name_of),
        "committee": committee_page(board, committee_of(conference, board.facts), name_of),
        "wishes": len(wishes),
        "open_wishes": sum(1 for wish in wishes if wish.is_open),
    }


@register.inclusion_tag("experts/board/_notices.html")
def board_notices(conference: Conference, membership: Membership) -> dict[str, Any]:
    """Notices for the overview: wishes that nobody has answered; to the committee, a board that waits for their word."""
    wishes = Wish.objects.filter(conference=conference).select_related("expert")
    return {
        "conference": conference,
        "number": sum(1 for wish in wishes if wish.is_open),
        "waits_for_me": membership.may(Capability.COMMITTEE) and _waits_for(conference, membership),
    }


def _waits_for(conference: Conference, membership: Membership) -> bool:
    facts = board_of(conference).facts
    return bool(facts["experts"]) and committee_of(conference, facts).word_of(membership.user_id) is None
