"""``manage.py load_demo``: two invented conferences for the newcomer (conference.local.demo)."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from conference.models import Conference


class Command(BaseCommand):
    help = "Load two invented conferences, where there is none yet."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--force", action="store_true", help="load them beside conferences that exist")

    def handle(self, *args: Any, **options: Any) -> None:
        from conference.local.demo import load  # noqa: PLC0415 - the demo composes every room, production never loads it

        if Conference.objects.exists() and not options["force"]:
            self.stdout.write("There is a conference already; the demo was not loaded.")
            return
        login = load()
        self.stdout.write(f"Demo loaded. Organiser: {login['email']} / {login['password']}")
