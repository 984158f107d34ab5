"""What every kind needs to find the mistakes in a spec, and to vary it.

A `Review` looks at one thing after the other and never stops at the first mistake, so that an
author sees all of them at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from exercises.budget import ExpressionError
from exercises.expressions import check_name, evaluate, evaluate_all
from exercises.seeds import stream
from exercises.texts import names_in
from exercises.types import Broken, Json, Problem, Spec, Text

TRIAL_SEEDS = range(5)
"""Expressions are tried with these seeds before anything is published."""
LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z]+)*")
KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

Table = Mapping[str, Any]


def values_of(spec: Spec, seed: int) -> dict[str, Json]:
    """The varied values of this seed, in the author's order. Raises Broken."""
    pairs: Any = spec.get("vary") or ()
    if not pairs:
        return {}
    try:
        return evaluate_all([(name, source) for name, source in pairs], stream(seed, "values"))
    except ExpressionError as error:
        raise Broken(str(error)) from error


def calculated(source: Json, values: Mapping[str, Json], seed: int) -> Json:
    """What an answer stands for: an expression's value, or the number itself. Raises Broken."""
    if not isinstance(source, str):
        return source
    try:
        return evaluate(source, values, stream(seed, "answer"))
    except ExpressionError as error:
        raise Broken(str(error)) from error


class Review:
    """The problems of one spec. `path` is always where the looked-at thing stands."""

    def __init__(self, spec: Spec) -> None:
        self.problems: list[Problem] = []
        self._languages: list[tuple[str, frozenset[str]]] = []
        self.names: set[str] = set()
        self.trials: list[tuple[int, dict[str, Json]]] = []
        """Seeds and their values; none where the values themselves have a problem."""
        self._vary(spec.get("vary", ()))

    def report(self, path: str, message: str) -> None:
        self.problems.append(Problem(path, message))

    def finish(self) -> list[Problem]:
        """All problems; each text must have been seen by `text` before."""
        everywhere = frozenset[str]().union(*(languages for _, languages in self._languages))
        for path, languages in self._languages:
            for language in sorted(everywhere - languages):
                self.report(path, f"This text is missing in {language}.")
        return self.problems

    def table(
        self,
        value: object,
        path: str,
        *,
        required: Sequence[str] = (),
        optional: Sequence[str] = (),
    ) -> Table:
        """`value` with its keys checked; an empty table when it is none."""
        if not isinstance(value, Mapping):
            self.report(path, "This must be a table.")
            return {}
        for key in value:
            if key not in required and key not in optional:
                known = ", ".join([*required, *optional])
                self.report(f"{path}.{key}", f"“{key}” is not known here. Known are: {known}.")
        for key in required:
            if key not in value:
                self.report(path, f"“{key}” is missing.")
        return value

    def top(self, spec: Spec, *, required: Sequence[str], optional: Sequence[str] = ()) -> Table:
        """The whole spec, to which the loader has added `vary`."""
        own = {key: value for key, value in spec.items() if key != "vary"}
        return self.table(own, "spec", required=required, optional=optional)

    def items(self, value: object, path: str, *, least: int = 0) -> Iterator[tuple[str, Any]]:
        """The items of a list, each with its path."""
        if not isinstance(value, list | tuple):
            self.report(path, "This must be a list.")
            return
        if len(value) < least:
            self.report(path, f"At least {least} are needed here, not {len(value)}.")
        for index, item in enumerate(value):
            yield f"{path}[{index}]", item

    def text(self, table: Table, key: str, path: str) -> Text:
        """The text `table[key]`, {} where it is not there; a missing key is not reported here."""
        return self.text_at(table[key], f"{path}.{key}") if key in table else {}

    def text_at(self, value: Any, path: str) -> Text:
        """The text `value`, which stands at `path` itself; {} where it is none."""
        if not isinstance(value, Mapping) or not value:
            self.report(path, 'This must be a text in each language: { en = "…", … }.')
            return {}
        for language, words in value.items():
            if not LANGUAGE.fullmatch(language):
                self.report(f"{path}.{language}", f"“{language}” is no language code.")
            if not isinstance(words, str) or not words.strip():
                self.report(f"{path}.{language}", "This text is empty.")
            else:
                self.placeholders(words, f"{path}.{language}")
        languages = frozenset(filter(LANGUAGE.fullmatch, value))
        self._languages.append((path, languages))
        return value

    def placeholders(self, words: str, path: str) -> None:
        for name in names_in(words):
            if name not in self.names:
                self.report(path, f"There is no value named “{name}” in [vary].")

    def misconception(self, table: Table, path: str) -> None:
        key = table.get("misconception", "")
        if key != "" and not (isinstance(key, str) and KEY.fullmatch(key)):
            self.report(f"{path}.misconception", "This must be the key of a misconception.")

    def flag(self, table: Table, key: str, path: str) -> bool:
        value = table.get(key, False)
        if not isinstance(value, bool):
            self.report(f"{path}.{key}", "This must be true or false.")
        return value is True

    def word(self, table: Table, key: str, path: str, known: Sequence[str]) -> None:
        if key in table and table[key] not in known:
            self.report(f"{path}.{key}", f"This must be one of: {', '.join(known)}.")

    def computed(self, source: Json, path: str) -> list[tuple[int, Json]]:
        """What an expression (or a plain number) gives for each trial seed, or nothing."""
        try:
            if isinstance(source, str):
                return [
                    (seed, evaluate(source, values, stream(seed, "answer")))
                    for seed, values in self.trials
                ]
        except ExpressionError as error:
            self.report(path, str(error))
            return []
        return [(seed, source) for seed, _ in self.trials]

    def _vary(self, pairs: Json) -> None:
        if not isinstance(pairs, list | tuple):
            self.report("vary", "This must be a table of names and expressions.")
            return
        sources: list[tuple[str, str]] = []
        for pair in pairs:
            name, source = pair
            try:
                check_name(name)
            except ExpressionError as error:
                self.report(f"vary.{name}", str(error))
            self.names.add(name)
            if not isinstance(source, str):
                self.report(f"vary.{name}", "This must be an expression in quotes.")
                continue
            sources.append((name, source))
        if self.problems:
            return
        try:
            self.trials = [
                (seed, evaluate_all(sources, stream(seed, "values"))) for seed in TRIAL_SEEDS
            ]
        except ExpressionError as error:
            name, _, message = str(error).partition(": ")
            self.report(f"vary.{name}" if name in self.names else "vary", message or name)
