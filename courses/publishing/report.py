"""How the commands `prove` and `publish` say no."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import NoReturn

from django.core.management.base import BaseCommand

from courses.publishing.faults import Refused


def refuse(command: BaseCommand, refused: Refused, *, as_json: bool) -> NoReturn:
    """All mistakes on stderr, one a line (or as JSON on stdout), and exit status 1."""
    if as_json:
        command.stdout.write(json.dumps({"faults": [asdict(fault) for fault in refused.faults]}))
    else:
        for fault in refused.faults:
            command.stderr.write(str(fault))
        count = len(refused.faults)
        command.stderr.write(
            f"{count} {'mistake' if count == 1 else 'mistakes'}; nothing was written."
        )
    sys.exit(1)
