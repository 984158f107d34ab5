"""What `make run` begins with, in one process: each start of Django takes a second."""

from __future__ import annotations

import os
import sys

import django
from django.core.management import CommandError, call_command

from dev.shell import say


def begin(*, static: bool) -> None:
    """Database, static files if asked for, courses and people."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    say("migrating the database")
    call_command("migrate", "--verbosity", "0")
    if static:
        say("collecting static files")
        call_command("collectstatic", "--noinput", "--clear", "--verbosity", "0")
    say("publishing the courses")
    call_command("publish", "curricula", "--proofs", "curricula/proofs.txt")
    call_command("demo_people", "--yes")
    call_command("demo_cohorts")
    call_command("demo_workspaces")


if __name__ == "__main__":
    try:
        begin(static="--static" in sys.argv[1:])
    except CommandError as error:
        sys.exit(str(error))
