"""Keeps personal links out of the logs."""

import logging
import re

_TOKEN = re.compile(r"/(i|e|r|u|w)/[A-Za-z0-9_\-]{20,}")


class HideTokens(logging.Filter):
    """Replaces the token of a personal link by a sign, in message and arguments alike."""

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        if _TOKEN.search(text):
            record.msg, record.args = _TOKEN.sub(r"/\1/[link]", text), None
        return True
