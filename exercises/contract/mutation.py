"""How many small mistakes the checks of an exercise notice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from exercises.contract.grading import judge
from exercises.contract.mutants import mutants_of
from exercises.contract.plan import LANGUAGES, MAIN, RELAY
from exercises.mutants import Beat, Mutant, Score, is_equivalent
from exercises.types import Spec, Tools, Variant


def mutation_score(
    spec: Spec,
    variant: Variant,
    tools: Tools,
    languages: Sequence[str] = (),
    beat: Beat = lambda: None,
) -> Score:
    """Grades every mutant of the solution, in all languages or in these. Takes as long as that
    many submissions. Raises what grading raises."""
    made: Any = spec
    killed = not_compiled = equivalent = 0
    survived: list[Mutant] = []
    for language in languages or made["languages"]:
        files: Mapping[str, str] = made["solution"][language]
        for name, mutant in all_mutants(files, language):
            if is_equivalent(mutant, spec):
                equivalent += 1
                continue
            changed = {**files, name: mutant.text}
            verdict = judge(spec, variant, language, changed, tools, until_failure=True)
            beat()
            if verdict.checks and verdict.checks[0].key == "compile":
                not_compiled += 1
            elif verdict.score < 1:
                killed += 1
            else:
                survived.append(mutant)
    return Score(killed, tuple(survived), not_compiled, equivalent)


def all_mutants(files: Mapping[str, str], language: str) -> Iterator[tuple[str, Mutant]]:
    """The mutants of each file of a solution, with the file's name in a submission. A mutant names
    the file as its author does."""
    for name, text in files.items():
        if name == RELAY:
            written, spoken = "solution.relay.py", "python"
        else:
            alone = name == MAIN + LANGUAGES[language] and set(files) <= {name, RELAY}
            written = f"solution{LANGUAGES[language]}" if alone else f"solution-{language}/{name}"
            spoken = language
        for mutant in mutants_of(text, spoken, written):
            yield name, mutant
