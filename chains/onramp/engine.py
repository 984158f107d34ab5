"""The engine `python`."""

from __future__ import annotations

import hashlib
import json
import platform
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from chains.onramp.execution import OURS
from chains.onramp.ledger import PythonLedger
from chains.transcripts import canonical_json
from chains.types import Artefact, Diagnostic, Health, NotCompiled
from sandbox.types import BoxBroken, Boxes, Limits, Raised, Stopped, Unavailable

MAIN = "contract.py"
FILE = re.compile(r"[a-z_][a-z0-9_]{0,40}\.py")
REVIEW = "review.py"
LIMITS = Limits(cpu_seconds=2, wall_seconds=5.0, memory_bytes=128 << 20)
NO_LANGUAGE = (
    "Python is an on-ramp of this product and no language of Chang'An Chain: "
    "on a real chain the same contract is written in Go, Rust, C or Solidity."
)
CANARY = """\
class Contract:
    def init_contract(self, chain):
        chain.put_state("k", "1")

    def read(self, chain):
        return chain.get_state("k")
"""


class PythonEngine:
    """Runs contracts in the boxes that it is given, which stay their opener's."""

    name = "python"
    languages: Sequence[str] = ("python",)
    profiles: Sequence[str] = ()

    def __init__(self, boxes: Boxes) -> None:
        self._boxes = boxes

    def health(self) -> Sequence[Health]:
        versions = {"python": platform.python_version()}
        try:
            artefact = self.compile({MAIN: CANARY}, language="python")
            with self.open() as ledger:
                ledger.identity("canary", "canary.example", "admin")
                ledger.install("canary", artefact, by="canary")
                works = ledger.query("canary", "read", by="canary").result == "1"
            reason = NO_LANGUAGE if works else f"The canary gave a wrong answer. {NO_LANGUAGE}"
        except (BoxBroken, Stopped, NotCompiled) as error:
            works, reason = False, f"{error}. {NO_LANGUAGE}"
        return (Health(self.name, "python", works, versions, reason),)

    def compile(self, sources: Mapping[str, str], *, language: str, profile: str = "") -> Artefact:
        """Nothing is compiled: the sources are read for mistakes, in a box. See `Engine`."""
        if language not in self.languages or profile:
            raise Unavailable("The engine python has one language, python, and no profiles.")
        misnamed = sorted(name for name in sources if name in OURS or not FILE.fullmatch(name))
        if misnamed or MAIN not in sources:
            why = f"A contract is {MAIN}, and files beside it with other names than {OURS}."
            raise NotCompiled([Diagnostic("error", why, next(iter(misnamed), ""))])
        remarks = self._reviewed(sources)
        if any(remark.severity == "error" for remark in remarks):
            raise NotCompiled(remarks)
        code = canonical_json(dict(sources))
        version = (
            f"{platform.python_version()} {hashlib.sha256(review_source().encode()).hexdigest()}"
        )
        digest = hashlib.sha256(canonical_json([language, version]) + code).hexdigest()
        return Artefact(self.name, language, digest, code, {}, remarks)

    def open(self, *, name: str = "main", seed: int = 0, profile: str = "") -> PythonLedger:
        if profile:
            raise Unavailable("The engine python has no profiles.")
        return PythonLedger(self._boxes, name, seed)

    def close(self) -> None:
        """Nothing is held."""

    def _reviewed(self, sources: Mapping[str, str]) -> tuple[Diagnostic, ...]:
        program = {REVIEW: review_source()}
        with self._boxes.open(program, main=REVIEW, limits=LIMITS) as box:
            box.load()
            reply = box.call("review", [dict(sources)])
        if isinstance(reply, Raised):
            raise BoxBroken(f"{REVIEW} failed: {reply.type_name}: {reply.message}")
        remarks = json.loads(json.dumps(reply.value))
        return tuple(
            Diagnostic(severity, message, file, line, column)
            for severity, message, file, line, column in remarks
        )


@cache
def review_source() -> str:
    return (files("chains.onramp") / "inside" / REVIEW).read_text(encoding="utf-8")
