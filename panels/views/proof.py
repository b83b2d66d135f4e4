"""The file by which a volunteer proves that they were in the list of an announced draw; both of their pages offer it."""

from django.http import HttpResponse


def proof_file(content: bytes, number: int) -> HttpResponse:
    response = HttpResponse(content, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="proof-{number}.json"'
    return response
