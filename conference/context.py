"""What every template may use."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    return {"is_local": settings.LOCAL, "source_code_url": settings.SOURCE_CODE_URL, "site_url": settings.SITE_URL}
