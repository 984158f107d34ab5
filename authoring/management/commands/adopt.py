"""Make a workspace of a folder with a course, so that it is written on in the browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import Membership, Organisation, User
from authoring.actions import adopt_course
from authoring.types import BadPath, KeyTaken, TooLarge


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="curricula/courses/KEY")
        parser.add_argument("--organisation", required=True, help="key of the organisation")
        parser.add_argument("--editor", required=True, help="e-mail address of its first editor")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"].resolve()
        if not (folder / "course.toml").is_file():
            raise CommandError(f"{folder} is no course: it has no course.toml.")
        organisation = Organisation.objects.filter(key=options["organisation"]).first()
        if organisation is None:
            raise CommandError(f"There is no organisation {options['organisation']}.")
        editor = User.objects.filter(email__iexact=options["editor"]).first()
        own = Membership.objects.filter(user=editor, organisation=organisation)
        if editor is None or not own.exists():
            raise CommandError(f"{options['editor']} is nobody of {organisation}.")
        try:
            workspace = adopt_course(folder=folder, organisation=organisation, by=editor)
        except KeyTaken as error:
            raise CommandError(f"There is a workspace for {folder.name} already.") from error
        except (BadPath, TooLarge) as error:
            raise CommandError(f"It cannot be kept as it is: {error}.") from error
        state = "published" if workspace.published_id else "not published yet"
        self.stdout.write(f"{workspace.course_key}: a workspace of {organisation} ({state})")
