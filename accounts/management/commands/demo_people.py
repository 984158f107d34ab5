"""Make people to look around as; their passwords are printed once."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.demo import JOIN_CODE, make_demo_people


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--yes", action="store_true", help="also where DEBUG is off")
        parser.add_argument("--reset-passwords", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG and not options["yes"]:
            raise CommandError("This looks like production: say --yes to make demo people here.")
        people = make_demo_people(reset_passwords=options["reset_passwords"])
        if all(person.password is None for person in people):
            print("Demo people exist. New passwords: manage.py demo_people --reset-passwords --yes")
            return
        print("Demo people (these passwords are not shown again):")
        for person in people:
            print(f"  {person.title:<28} {person.email:<28} {person.password or '(unchanged)'}")
        print(f"  Code of the demo cohort: {JOIN_CODE}")
