"""The file for payment, for spreadsheet programs. Amounts are numbers; every text is guarded against being a formula."""

import csv
import io
from collections.abc import Sequence

from django.utils import translation
from django.utils.translation import gettext as _

from panels.files.roster import guarded


def payments_csv(
    rows: Sequence[Sequence[str]], *, number: int, made_on: str, language: str, mark: bool = True
) -> bytes:
    """Rows of (reference, first name, last name, statement, amount), the same bytes for the same rows.

    French programs expect semicolons and a comma in numbers; ``mark`` is the sign at the start by which they know UTF-8.
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";" if language == "fr" else ",")
    with translation.override(language):
        header = [
            _("Payment file"),
            _("Made on"),
            _("Reference"),
            _("First name"),
            _("Last name"),
            _("Statement"),
            _("Amount (€)"),
        ]
    writer.writerow([guarded(cell) for cell in header])
    for *texts, amount in rows:
        figure = amount.replace(".", ",") if language == "fr" else amount
        writer.writerow([str(number), made_on, *(guarded(cell) for cell in texts), figure])
    return out.getvalue().encode("utf-8-sig" if mark else "utf-8")
