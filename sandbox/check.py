"""`python -m sandbox.check`: every lane of this host against every canary and every attack.

The exit status is 0 when at least one lane works and nothing got through any lane that does.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence

from sandbox import canaries, lanes
from sandbox.attacks import ATTACKS, Attack
from sandbox.boxes import Lane
from sandbox.trial import Row, Trial
from sandbox.types import BoxBroken, Unavailable


def report(
    lanes: Sequence[str] = lanes.LANES,
    *,
    bwrap: str | None = None,
    attacks: Iterable[Attack] = ATTACKS,
) -> Iterator[Row]:
    """Rows as they come: for each lane its start, its canaries, and every attack.

    A row with a `failure` named "start" means that the lane is not there; any other failure is a
    hole. A lane whose canaries get out is not tried further.
    """
    chosen = tuple(attacks)
    for name in lanes:
        try:
            lane = Lane(name, bwrap)
        except Unavailable as unavailable:
            yield Row(name, "start", "start at all", "", unavailable.reason, 0.0)
            continue
        try:
            yield Row(name, "start", "start at all", describe(lane), "", 0.0)
            yield from _lane_rows(lane, chosen)
        finally:
            lane.close()


def describe(lane: Lane) -> str:
    """What stands around this lane, in one line."""
    missing = lane.server.missing
    absent = f"; without {', '.join(missing)}" if missing else ""
    return f"control groups: {lane.server.enclosure.summary}{absent}"


def _lane_rows(lane: Lane, attacks: Iterable[Attack]) -> Iterator[Row]:
    got_out = canaries.breaches(lane)
    aim = "let a canary out"
    yield Row(lane.name, "canaries", aim, f"{len(canaries.CANARIES)}", "; ".join(got_out), 0.0)
    if got_out:
        return
    with canaries.bait() as bait:
        trial = Trial(lane, bait)
        for attack in attacks:
            try:
                yield trial.judge(attack)
            except BoxBroken as broken:
                yield Row(lane.name, attack.name, attack.tries, "", f"the lane died: {broken}", 0.0)
                return


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m sandbox.check", description=__doc__)
    parser.add_argument("--lane", choices=lanes.LANES, action="append", help="only this lane")
    parser.add_argument("--bwrap", help="the path of bubblewrap")
    options = parser.parse_args()
    usable, holes, count = set(), 0, 0
    for row in report(options.lane or lanes.LANES, bwrap=options.bwrap):
        absent = row.name == "start" and row.failure
        verdict = "absent" if absent else "BREACH" if row.failure else "held"
        text = row.failure or row.ended
        sys.stdout.write(f"{row.lane:11} {verdict:7} {row.seconds:5.2f} s  {row.name:24} {text}\n")
        sys.stdout.flush()
        usable |= set() if absent else {row.lane}
        holes += bool(row.failure) and not absent
        count += 1
    lines = (
        f"{count} rows, {holes} breaches; lanes that hold: {', '.join(sorted(usable)) or 'none'}"
    )
    sys.stdout.write(lines + "\n")
    return 0 if usable and not holes else 1


if __name__ == "__main__":
    sys.exit(main())
