"""How many small mistakes the checks of a program notice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Any

from exercises.mutants import Beat, Mutant, Score, is_equivalent
from exercises.program.kind import Program
from exercises.program.mutants import mutants_of
from exercises.types import Broken, Spec, Tools, Variant


def mutation_score(
    spec: Spec, variants: Sequence[Variant], tools: Tools, beat: Beat = lambda: None
) -> Score:
    """Grades every mutant of the solution until a check notices it, with each of these variants:
    what nobody notices with any of them survives. Raises what grading raises, but `Broken`:
    checks that stumble over a mutant have noticed it."""
    made: Any = spec
    files: Mapping[str, str] = made["solution"]
    killed = equivalent = 0
    survived: list[Mutant] = []
    for name, mutant in all_mutants(files):
        if is_equivalent(mutant, spec):
            equivalent += 1
            continue
        changed = {**files, name: mutant.text}
        if any(_noticed(spec, variant, changed, tools) for variant in variants):
            killed += 1
        else:
            survived.append(mutant)
        beat()
    return Score(killed, tuple(survived), 0, equivalent)


def all_mutants(files: Mapping[str, str]) -> Iterator[tuple[str, Mutant]]:
    """The mutants of each file, with the file's name in a submission. A mutant names the file as
    its author does."""
    for name, text in files.items():
        alone = len(files) == 1
        written = f"solution{PurePath(name).suffix}" if alone else f"solution/{name}"
        for mutant in mutants_of(text, written):
            if _runs_otherwise(mutant):
                yield name, mutant


def _runs_otherwise(mutant: Mutant) -> bool:
    """Whether the interpreter makes something else of it: what it makes the same of is the same."""
    before, after = (
        compile(text, "solution", "exec", dont_inherit=True, optimize=2)
        for text in (mutant.original, mutant.text)
    )
    return before != after


def _noticed(spec: Spec, variant: Variant, files: Mapping[str, str], tools: Tools) -> bool:
    try:
        return Program().grade(spec, variant, {"files": files}, tools).score < 1
    except Broken:
        return True
