"""The draw in the cockpit: prepared, announced, its ticket drawn on the page for the room, and what came of it."""

from panels.views.draw.announcing import commit, withdraw
from panels.views.draw.making import start, stop
from panels.views.draw.revealing import alternates, reveal
from panels.views.draw.state import draw, progress

__all__ = ["alternates", "commit", "draw", "progress", "reveal", "start", "stop", "withdraw"]
