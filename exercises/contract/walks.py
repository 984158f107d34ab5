"""Random sequences of calls, and the shortest of them that breaks a law.

Seeds make them: a regrade of the same submission walks the same ways.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from chains.types import CallKind, Status, Transcript
from exercises.budget import ExpressionError
from exercises.contract.laws import Breach, History, first_breach, happened
from exercises.contract.plan import Law, Step, Walk
from exercises.contract.results import called
from exercises.contract.stage import Stage, Studio
from exercises.expressions import evaluate
from exercises.seeds import derived, stream
from exercises.texts import shown
from exercises.types import Broken, Json
from sandbox.types import Stopped

MOST_TRIES = 60
"""Shorter sequences that are tried once one is found that breaks a law."""

Template = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Drawn:
    """One call of a sequence, and the template that it was drawn from."""

    step: Step
    template: Template


@dataclass(slots=True)
class Walked:
    """What came out of a law's walks."""

    breach: Breach | None = None
    stop: Stopped | None = None
    happened: bool = False
    """Whether any call succeeded that the law could hold of."""
    lines: list[str] = field(default_factory=list)
    """The sequence that broke the law, shrunk; or that was stopped."""
    transcripts: dict[str, Transcript] = field(default_factory=dict)


def walk(studio: Studio, law: Law, contract: str, seed: int) -> Walked:
    """Walk until a law is broken or all runs are over. Raises Broken."""
    assert law.walk is not None
    walked = Walked()
    for run in range(law.walk.runs):
        rng = stream(seed, f"walk:{run}")
        sequence = drawn(law.walk, studio.values, rng)
        walker = Walker(studio, law, contract, derived(f"{seed}:{run}"))
        tried = walker.try_out(sequence)
        walked.happened = walked.happened or tried.happened
        if tried.breach is not None:
            tried = walker.shrunk(sequence, tried)
        if tried.breach is not None or tried.stop is not None:
            tried.happened = True
            return tried
    return walked


def drawn(way: Walk, values: Mapping[str, Json], rng: random.Random) -> list[Drawn]:
    """A sequence of calls. In a template a list is a choice, and `=…` an expression."""
    weights = [template.get("weight", 1) for template in way.calls]
    return [
        _draw(rng.choices(way.calls, weights)[0], number, values, rng)
        for number in range(1, way.length + 1)
    ]


def _draw(template: Template, number: int, values: Mapping[str, Json], rng: random.Random) -> Drawn:
    step = Step(
        key=f"walk-{number}",
        act="call",
        by=rng.choice(_choices(template["by"])),
        contract=template["contract"],
        ledger=template["ledger"],
        method=template["call"],
        args={
            name: _argument(rng.choice(_choices(given)), values, rng)
            for name, given in template.get("args", {}).items()
        },
        after_seconds=template.get("after_seconds", 0),
    )
    return Drawn(step, template)


def _argument(given: str, values: Mapping[str, Json], rng: random.Random) -> str:
    if not given.startswith("="):
        return given
    try:
        return shown(evaluate(given[1:], values, rng))
    except ExpressionError as error:
        raise Broken(f"checks.toml: {given}: {error}") from error


def _choices(given: Any) -> list[Any]:
    return given if isinstance(given, list) else [given]


@dataclass(frozen=True, slots=True)
class Walker:
    """Tries sequences on fresh ledgers."""

    studio: Studio
    law: Law
    contract: str
    seed: int

    def try_out(self, sequence: Sequence[Drawn]) -> Walked:
        """What becomes of this sequence."""
        assert self.law.walk is not None
        lines: list[str] = []
        with self.studio.stage(self.seed) as stage:
            try:
                for step in self.law.walk.first:
                    stage.play(step)
                breach = self._go(stage, [one.step for one in sequence], lines)
            except Stopped as stop:
                return Walked(stop=stop, lines=lines)
            history = history_of(stage, self.contract)
            wanted = dict(self.law.conditions)
            invariant = wanted.pop("invariant", None)
            breach = breach or first_breach(history, wanted)
            done = happened(history, wanted)
            if invariant is not None:
                done = done and any(history.succeeded(CallKind.INVOKE))
            return Walked(breach, None, done, lines, dict(history.transcripts))

    def shrunk(self, sequence: Sequence[Drawn], found: Walked) -> Walked:
        """The shortest and plainest sequence that we find, and that still breaks the law."""
        best, tries = list(sequence[: len(found.lines)]), 0
        shorter = True
        while shorter:
            shorter = False
            for candidate in _simpler(best):
                tries += 1
                if tries > MOST_TRIES:
                    return found
                tried = self.try_out(candidate)
                if tried.breach is not None:
                    best, found, shorter = candidate[: len(tried.lines)], tried, True
                    break
        return found

    def _go(self, stage: Stage, steps: Sequence[Step], lines: list[str]) -> Breach | None:
        """Do the calls until an invariant breaks."""
        invariant = self.law.conditions.get("invariant")
        for step in steps:
            lines.append(called(step, stage.names.all(step.args)))
            stage.play(step)
            if invariant is not None and (breach := _broken(stage, step, invariant)):
                return breach
        return None


def _simpler(sequence: list[Drawn]) -> list[list[Drawn]]:
    """Sequences with half of the calls; with one call less, the last ones first; then with a first
    choice somewhere."""
    middle = len(sequence) // 2
    halves = [sequence[:middle], sequence[middle:]] if middle > 1 else []
    less = [sequence[:index] + sequence[index + 1 :] for index in reversed(range(len(sequence)))]
    plainer = []
    for index, one in enumerate(sequence):
        for name, given in one.template.get("args", {}).items():
            first = _choices(given)[0]
            if first.startswith("=") or one.step.args[name] == first or len(_choices(given)) < 2:
                continue
            step = replace(one.step, args={**one.step.args, name: first})
            plainer.append([*sequence[:index], Drawn(step, one.template), *sequence[index + 1 :]])
    return halves + less + plainer


def _broken(stage: Stage, step: Step, invariant: Mapping[str, Any]) -> Breach | None:
    """Whether the invariant fails now, as queries see it."""
    last = stage.order[-1]
    found: dict[str, Json] = dict(stage.studio.values)
    asked = []
    for name, query in invariant["queries"].items():
        ledger = query.get("ledger", stage.studio.plan.ledgers[0])
        args = stage.names.all(query.get("args", {}))
        by = query.get("by", invariant["by"])
        contract = query.get("contract", step.contract)
        one = stage.query(ledger, contract, query["query"], args, by)
        if one.status is not Status.OK:
            return Breach(*last, f"{name}: {one.status.value} {one.message}", "ok")
        found[name] = one.result
        asked.append(f"{name} = {one.result}")
    try:
        holds = evaluate(invariant["holds"], found, random.Random(0))  # noqa: S311  # draws nothing
    except ExpressionError as error:
        return Breach(*last, f"{', '.join(asked)} ({error})", invariant["holds"])
    return None if holds else Breach(*last, ", ".join(asked), invariant["holds"])


def history_of(stage: Stage, contract: str) -> History:
    return History(stage.transcripts(), tuple(stage.order), contract, stage.names)
