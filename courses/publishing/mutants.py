"""How well checks notice small mistakes: mutants of the solutions of programs and contracts.

Proof says that the mistakes which the author thought of are noticed; this says which of those that
nobody thought of are not. It takes as long as some hundred submissions, so it is asked for apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from courses.publishing.pipeline import OpenBoxes, tools_for
from courses.publishing.prove import SLOW_SEEDS
from courses.publishing.ready import ReadyExercise
from exercises.contract import mutation as contracts
from exercises.mutants import Beat, Mutant, Score
from exercises.program import mutation as programs
from exercises.registry import kind_named
from exercises.types import Tools

CONTRACT, PROGRAM = "contract", "program"


@dataclass(frozen=True, slots=True)
class MutationReport:
    """The score of one exercise in one language."""

    exercise: str
    language: str
    score: Score

    @property
    def percent(self) -> float:
        return self.score.share * 100

    @property
    def survivors(self) -> tuple[Mutant, ...]:
        return self.score.survived

    def __str__(self) -> str:
        score = self.score
        tried = score.killed + len(score.survived)
        return (
            f"exercise {self.exercise}, {self.language}: {self.percent:.0f} % "
            f"({score.killed} of {tried} noticed, {score.equivalent} behave the same, "
            f"{score.not_compiled} do not compile)"
        )


def mutation_reports(
    exercises: Iterable[ReadyExercise], open_boxes: OpenBoxes
) -> Iterator[MutationReport]:
    """One for each program, and for each contract and language. Raises `Refused` where nothing may
    run here."""
    coded = [one for one in exercises if one.files.kind in (CONTRACT, PROGRAM)]
    with tools_for(coded, open_boxes) as tools:
        for exercise in coded:
            yield from reports_of(exercise, tools)


def reports_of(
    exercise: ReadyExercise, tools: Tools, beat: Beat = lambda: None
) -> Iterator[MutationReport]:
    """The same of one exercise, none of a quiz. `beat` as in `exercises.mutants`."""
    spec: Any = exercise.spec
    kind = kind_named(exercise.files.kind)
    if kind.name == CONTRACT:
        variant = kind.vary(spec, 1)
        for language in spec["languages"]:
            score = contracts.mutation_score(spec, variant, tools, [language], beat)
            yield MutationReport(exercise.files.key, language, score)
    elif kind.name == PROGRAM:
        variants = [kind.vary(spec, seed) for seed in range(1, 1 + SLOW_SEEDS)]
        score = programs.mutation_score(spec, variants, tools, beat)
        yield MutationReport(exercise.files.key, spec["language"], score)
