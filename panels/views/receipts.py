"""A receipt as a download, never shown inside our pages: what it holds was written by somebody else."""

from django.http import FileResponse, Http404, HttpResponseBase

from panels.models import Claim


def receipt_response(claim: Claim) -> HttpResponseBase:
    if not claim.receipt:
        raise Http404
    response = FileResponse(
        claim.receipt.open("rb"), as_attachment=True, filename=claim.filename, content_type=claim.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
