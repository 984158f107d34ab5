"""How well the checks of contracts notice small mistakes: automatic mutants of each solution.

Proof says that the mistakes which the author thought of are noticed; this says which of those that
nobody thought of are not. It takes as long as some hundred submissions, so it is asked for apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from courses.publishing.pipeline import OpenBoxes, tools_for
from courses.publishing.ready import ReadyExercise
from exercises.contract.mutants import Mutant
from exercises.contract.mutation import Score, mutation_score
from exercises.registry import kind_named

CONTRACT = "contract"


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
    """One for each contract and language. Raises `Refused` where nothing may run here."""
    contracts = [one for one in exercises if one.files.kind == CONTRACT]
    with tools_for(contracts, open_boxes) as tools:
        for exercise in contracts:
            spec: Any = exercise.spec
            variant = kind_named(CONTRACT).vary(spec, 1)
            for language in spec["languages"]:
                score = mutation_score(spec, variant, tools, [language])
                yield MutationReport(exercise.files.key, language, score)
