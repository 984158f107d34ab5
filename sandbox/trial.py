"""Puts a lane on trial: runs one attack, and finds out from outside what came of it."""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from sandbox.attacks import Attack
from sandbox.boxes import Lane
from sandbox.canaries import Bait
from sandbox.types import Box, BoxBroken, Limits, Raised, Returned, Stopped, Value

LIMITS = Limits(cpu_seconds=1, wall_seconds=2.0, memory_bytes=192 << 20)
ENDLESS = replace(LIMITS, wall_seconds=0.5)
"""For what is as bad in the first half second as later: whether it is stopped is the question."""
SEEDS = range(3)
_SETTLE_SECONDS = 2.0

INNOCENT = """
import builtins, decimal, hashlib, json, math, os, random, signal, sys, threading
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

def work(seed):
    key = Ed25519PrivateKey.from_private_bytes(bytes([seed] * 32))
    public = key.public_key().public_bytes_raw()
    Ed25519PublicKey.from_public_bytes(public).verify(key.sign(b'block'), b'block')
    return [hashlib.sha256(bytes([seed])).hexdigest(), json.dumps([len('ab' * seed)]),
            str(decimal.Decimal(seed) / 7), math.sqrt(seed), sum(range(seed)), 7 + seed, public]

def surroundings():
    folders = ('/', '/tmp', '/dev', '/dev/shm', '/packages', '/server', '.')
    found = {}
    for folder in folders:
        try:
            found[folder] = sorted(os.listdir(folder))
        except OSError as error:
            found[folder] = type(error).__name__
    return {
        'folders': found, 'path': sys.path[1:], 'threads': threading.active_count(),
        'environment': dict(os.environ), 'recursion': sys.getrecursionlimit(),
        'umask': os.umask(0o22), 'blocked': len(signal.pthread_sigmask(signal.SIG_BLOCK, [])),
        'builtins': len(vars(builtins)), 'argv': len(sys.argv),
    }
"""


@dataclass(frozen=True, slots=True)
class Row:
    """What one attack came to on one lane."""

    lane: str
    name: str
    tries: str
    ended: str
    """How the box answered, for the reader."""
    failure: str
    """How the attack succeeded, or ''."""
    seconds: float


class Trial:
    """One lane on trial. The innocent program's results before any attack are the measure."""

    def __init__(self, lane: Lane, bait: Bait) -> None:
        self.lane = lane
        self.bait = bait
        self.before = self._innocent()
        self.processes = lane.server.processes

    def judge(self, attack: Attack) -> Row:
        """Run `attack`, then an innocent program, and say what failed."""
        started = time.monotonic()
        said, failure = self._attack(attack)
        failure = self.bait.taken(said) or failure
        if not failure:
            failure = self._aftermath()
        seconds = time.monotonic() - started
        ended = "; ".join(_short(item) for item in said)
        return Row(self.lane.name, attack.name, attack.tries, ended, failure, seconds)

    def _attack(self, attack: Attack) -> tuple[list[object], str]:
        said: list[object] = []
        failure = ""
        files = {"attack.py": attack.program}
        limits = ENDLESS if attack.endless else LIMITS
        with self.lane.open(files, main="attack.py", limits=limits) as box:
            try:
                said.append(box.load())
                said.append(box.call("attack", [self.bait.facts]))
                if self._passes(box, said):
                    failure = "it was called right"
            except Stopped as stopped:
                said.append(stopped)
            except BoxBroken as broken:
                failure = f"it broke the box: {broken}"
        said.append(box.output())
        box.usage()
        return said, failure

    def _passes(self, box: Box, said: list[object]) -> bool:
        """The honest checker: a secret per seed, known only out here."""
        right = True
        for seed in SEEDS:
            answer = box.call("answer", [seed])
            said.append(answer)
            expected = hmac.digest(self.bait.secret.encode(), bytes([seed]), hashlib.sha256).hex()
            right = right and isinstance(answer, Returned) and answer.value == expected
        return right

    def _aftermath(self) -> str:
        try:
            after = self._innocent()
        except (Stopped, BoxBroken) as error:
            return f"an innocent program failed afterwards: {error}"
        if after != self.before:
            return f"an innocent program saw a difference: {_difference(self.before, after)}"
        left = self._processes(self.processes)
        if len(left) != self.processes:
            return f"processes were left: {left}"
        return ""

    def _processes(self, expected: int) -> dict[int, str]:
        """What runs in the lane, after the next spare child has had time to be born."""
        deadline = time.monotonic() + _SETTLE_SECONDS
        while True:
            found = descendants(self.lane.server.process_id)
            if len(found) == expected or time.monotonic() > deadline:
                return found
            time.sleep(0.005)

    def _innocent(self) -> dict[str, object]:
        files = {"innocent.py": INNOCENT, "beside.py": ""}
        results: dict[str, object] = {}
        with self.lane.open(files, main="innocent.py", limits=LIMITS) as box:
            results["load"] = _value(box.load())
            for seed in SEEDS:
                results[f"work {seed}"] = _value(box.call("work", [seed]))
            results["surroundings"] = _value(box.call("surroundings"))
        box.usage()
        return results


def _value(answer: Returned | Raised) -> Value:
    if isinstance(answer, Raised):
        raise BoxBroken(f"{answer.type_name}: {answer.message}")
    return answer.value


def _difference(before: Mapping[str, object], after: Mapping[str, object]) -> str:
    changed = [f"{key}: {before[key]} → {after.get(key)}" for key in before]
    return "; ".join(
        text for key, text in zip(before, changed, strict=True) if before[key] != after.get(key)
    )[:500]


def _short(said: object) -> str:
    match said:
        case Stopped():
            text = str(said)
        case Returned(value):
            text = f"returned {value!r}"
        case Raised(type_name=name, message=message):
            text = f"raised {name}: {message}"
        case _:
            text = f"printed {len(str(said))}" if said else ""
    return re.sub(r"[^\x20-\x7e]", "?", text)[:60]


def descendants(ancestor: int) -> dict[int, str]:
    """Every process below `ancestor`, by number, as the host's /proc shows them."""
    parents: dict[int, tuple[int, str]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                text = (entry / "stat").read_text()
            except OSError:
                continue
            name, _, rest = text.partition("(")[2].rpartition(")")
            parents[int(entry.name)] = (int(rest.split()[1]), f"{name} {rest.split()[0]}")
    found: dict[int, str] = {}
    fresh = {ancestor}
    while fresh:
        fresh = {pid for pid, (parent, _) in parents.items() if parent in fresh}
        found |= {pid: parents[pid][1] for pid in fresh}
    return found
