"""What the commands `prove` and `publish` say."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import NoReturn

from django.core.management.base import BaseCommand

from courses.publishing.faults import Refused
from courses.publishing.prove import Proof


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


def summary(proofs: Sequence[Proof]) -> str:
    """All proofs in one line."""
    answers = sum(proof.answers for proof in proofs)
    seconds = sum(proof.seconds for proof in proofs)
    return f"proved {len(proofs)} exercises with {answers} answers in {seconds:.1f} s"
