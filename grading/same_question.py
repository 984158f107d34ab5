"""Whether an answer to one version of an exercise is an answer to another."""

from __future__ import annotations

from typing import Any

from courses.models import ExerciseVersion
from exercises.registry import kind_named

SEEDS = range(5)
"""Variants that are compared."""


def asks_the_same(one: ExerciseVersion, other: ExerciseVersion) -> bool:
    """Whether what learners of one version handed in can be judged by the other.

    Of a quiz: it shows the same options, gaps and values to the same learner (its key, its
    remarks and its statement may differ). Of a program: it has the same files and languages.
    """
    if one.kind != other.kind:
        return False
    if kind_named(one.kind).slow:
        return _files(one) == _files(other)
    return all(_shown(one, seed) == _shown(other, seed) for seed in SEEDS)


def _shown(version: ExerciseVersion, seed: int) -> object:
    kind = kind_named(version.kind)
    variant = kind.vary(version.spec, seed)
    return kind.show(version.spec, variant, None), variant.values, variant.order


def _files(version: ExerciseVersion) -> object:
    kind = kind_named(version.kind)
    shown: Any = kind.show(version.spec, kind.vary(version.spec, 0), None)
    return {file["name"] for file in shown["files"]}, set(shown.get("languages", ()))
