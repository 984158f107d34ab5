"""`python -m sandbox.jail_check`: jails on this host against every canary and every attack.

The exit status is 0 when nothing got through.
"""

from __future__ import annotations

import json
import sys

from sandbox import jails
from sandbox.attacks.attack import Attack
from sandbox.attacks.jailed import ATTACKS
from sandbox.canaries import Bait, bait
from sandbox.types import BoxBroken, Stopped, Unavailable

WALL_SECONDS = 4.0
MEMORY_BYTES = 192 << 20
DISK_BYTES = 32 << 20


def judge(attack: Attack, laid: Bait, *, proc: bool) -> tuple[str, str]:
    """How the attack ended, and what it got from the host or did to the jail, best ''."""
    jail = jails.Jail(
        (jails.PYTHON, *jails.PYTHON_FLAGS, "attack.py"),
        mounts={},
        memory_bytes=MEMORY_BYTES,
        disk_bytes=DISK_BYTES,
        cpu_seconds=5,
        proc=proc,
    )
    files = {"attack.py": attack.program.encode(), "bait.json": json.dumps(laid.facts).encode()}
    try:
        finished = jails.run(jail, files=files, collect=["found"], wall_seconds=WALL_SECONDS)
    except Stopped as stopped:
        return str(stopped), laid.taken("")
    except BoxBroken as broken:
        return "", f"the jail broke: {broken}"
    said = [finished.output, *finished.files.values()]
    return f"exit code {finished.exit_code}", laid.taken(said)


def main() -> int:
    holes = 0
    with bait() as laid:
        for proc in (False, True):
            view = "with /proc" if proc else "no /proc"
            try:
                found = "; ".join(jails.breaches(proc=proc))
            except Unavailable as unavailable:
                sys.stdout.write(f"{view:10} absent  {unavailable.reason}\n")
                holes += not proc
                continue
            rows = [("canaries", "", found)]
            rows += [] if found else [(a.name, *judge(a, laid, proc=proc)) for a in ATTACKS]
            for name, ended, failure in rows:
                verdict = "BREACH" if failure else "held"
                sys.stdout.write(f"{view:10} {verdict:7} {name:24} {failure or ended}\n")
                holes += bool(failure)
    sys.stdout.write(f"{holes} breaches\n")
    return 1 if holes else 0


if __name__ == "__main__":
    sys.exit(main())
