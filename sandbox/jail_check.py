"""`python -m sandbox.jail_check`: jails on this host against every canary and every attack.

The exit status is 0 when nothing got through.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator

from sandbox import jails
from sandbox.attacks.attack import Attack
from sandbox.attacks.jailed import ATTACKS
from sandbox.canaries import Bait, bait
from sandbox.trial import Row
from sandbox.types import BoxBroken, Stopped, Unavailable

JAIL = "jail"
"""Its name among the lanes; one with a view of its own processes is tried beside it."""
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


def report() -> Iterator[Row]:
    """Rows as they come: canaries and every attack, without and with the jail's own /proc.

    As in `sandbox.check`, a failure named "start" means that jails are not there.
    """
    with bait() as laid:
        for proc in (False, True):
            lane = f"{JAIL} /proc" if proc else JAIL
            try:
                found = "; ".join(jails.breaches(proc=proc))
            except Unavailable as unavailable:
                yield Row(lane, "start", "start at all", "", unavailable.reason, 0.0)
                continue
            yield Row(lane, "canaries", "let a canary out", "", found, 0.0)
            for attack in () if found else ATTACKS:
                started = time.monotonic()
                ended, failure = judge(attack, laid, proc=proc)
                spent = time.monotonic() - started
                yield Row(lane, attack.name, attack.tries, ended, failure, spent)


def main() -> int:
    holes = 0
    for row in report():
        absent = row.name == "start"
        verdict = "absent" if absent else "BREACH" if row.failure else "held"
        sys.stdout.write(f"{row.lane:10} {verdict:7} {row.name:24} {row.failure or row.ended}\n")
        holes += bool(row.failure) and not (absent and row.lane != JAIL)
    sys.stdout.write(f"{holes} breaches\n")
    return 1 if holes else 0


if __name__ == "__main__":
    sys.exit(main())
