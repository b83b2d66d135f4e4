"""Keeps personal links out of the logs."""

import logging
import re

_TOKEN = re.compile(r"/(i|e|r|u|w)/[A-Za-z0-9_\-]{20,}|/(l)/[A-Za-z0-9%_\-]{5,}")


class HideTokens(logging.Filter):
    """Replaces the token of a personal link by a sign, in message and arguments alike."""

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        if _TOKEN.search(text):
            record.msg, record.args = _TOKEN.sub(lambda found: f"/{found[1] or found[2]}/[link]", text), None
        return True
