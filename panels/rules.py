"""The rules of the pool: who is lay and uncommitted, and how large things may be. Pure: no database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FILE_BYTES_MAX = 20 * 1024 * 1024
FILE_ROWS_MAX = 50_000
FILE_COLUMNS_MAX = 100
CRITERIA_MAX = 12
VALUES_MAX = 40  # in one criterion
OLDEST_BIRTH_YEAR = 1900

CONFIRM_WITHIN = timedelta(days=14)  # an address that was not confirmed by then is erased
IMPORT_FILE_KEPT = timedelta(days=1)


@dataclass(frozen=True)
class ScreenerQuestion:
    """One question of the screener. The answer ``doubtful`` leads to a decision by a human, never to a refusal."""

    key: str
    text: str | Promise
    reason: str | Promise  # why they wait, for whoever decides
    doubtful: bool = True
    help_text: str | Promise = ""


SCREENER: tuple[ScreenerQuestion, ...] = (
    ScreenerQuestion(
        "adult_resident",
        _("Are you 18 or older, and do you live in the area of this conference?"),
        _("is not an adult who lives in the area"),
        doubtful=False,
    ),
    ScreenerQuestion(
        "works_in_field",
        _("Do you work, or have you worked, in the field of the question?"),
        _("works or has worked in the field of the question"),
        help_text=_("For example in a firm, a laboratory or an office that deals with it."),
    ),
    ScreenerQuestion(
        "elected",
        _("Do you hold an elected office?"),
        _("holds an elected office"),
        help_text=_("In a town, a department, a region, a parliament."),
    ),
    ScreenerQuestion(
        "leads_association",
        _("Do you lead an association, a union or a company that is active on the subject?"),
        _("leads an association, a union or a company active on the subject"),
    ),
    ScreenerQuestion(
        "campaigns",
        _("Do you campaign for or against something on this subject?"),
        _("campaigns on the subject"),
        help_text=_("Having an opinion is not campaigning: everybody has opinions."),
    ),
    ScreenerQuestion(
        "close_to_organisers",
        _("Are you close to somebody who organises or commissions this conference?"),
        _("is close to an organiser or the commissioner"),
        help_text=_("Family, friends or colleagues."),
    ),
)


def doubts(answers: Mapping[str, bool]) -> list[ScreenerQuestion]:
    """The questions whose answer calls for a decision. Questions that were not put raise no doubt."""
    return [question for question in SCREENER if answers.get(question.key) is question.doubtful]
