"""The kind `program`.

Answer: `{"files": {name: text}}`. Texts of the verdict are plain text and no HTML.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, cast

from exercises.program.grading import judge
from exercises.program.learner import Learner
from exercises.specs import KEY, Review, Table, values_of
from exercises.types import (
    Answer,
    Broken,
    Json,
    Problem,
    Spec,
    Tools,
    Variant,
    Verdict,
)
from exercises.written import Words, read_files
from sandbox.types import BoxBroken, Boxes, Limits, Unavailable

MAX_FILES = 8
MAX_CHARACTERS = 64_000
"""Of all files of a submission together."""
FILE = re.compile(r"[a-z_][a-z0-9_]{0,40}\.py")
LIMITS: Mapping[str, tuple[float, float, float]] = {
    "cpu_seconds": (2, 1, 10),
    "wall_seconds": (5, 1, 30),
    "memory_mb": (128, 32, 512),
}
"""Standard, least and most."""

WORDS = Words(
    empty={"en": "Write your program first.", "zh-hans": "请先编写程序。"},
    too_long={
        "en": f"Your program is too long: {MAX_CHARACTERS} characters are the most.",
        "zh-hans": f"程序过长：最多 {MAX_CHARACTERS} 个字符。",
    },
    no_text={
        "en": "Your program holds characters that are no text. Remove them.",
        "zh-hans": "程序中含有无法识别的字符，请删除。",
    },
)


class Program:
    """Scores the share of the points of the checks that pass."""

    name: ClassVar[str] = "program"
    slow: ClassVar[bool] = True

    def check(self, spec: Spec) -> list[Problem]:
        review = Review(spec)
        table = review.top(
            spec,
            required=("language", "files", "starter", "solution", "wrong", "checks"),
            optional=("limits", "misconception_of", "equivalent"),
        )
        review.word(table, "language", "spec", ("python",))
        names = check_names(review, table.get("files", ()))
        check_limits(review, table.get("limits", {}))
        if names:
            check_files(review, table, names)
        check_checks(review, table.get("checks"))
        for path, entry in review.items(table.get("equivalent", ()), "spec.equivalent"):
            if not isinstance(entry, str) or not entry.strip():
                review.report(path, "This must be the name of a mutant.")
        return review.finish()

    def vary(self, spec: Spec, seed: int) -> Variant:
        return Variant(seed, values_of(spec, seed))

    def read(self, spec: Spec, variant: Variant, posted: Mapping[str, Sequence[str]]) -> Answer:
        files = read_files(names_of(spec), posted, most_characters=MAX_CHARACTERS, words=WORDS)
        return {"files": files}

    def grade(self, spec: Spec, variant: Variant, answer: Answer, tools: Tools) -> Verdict:
        """Raises Broken, and `sandbox.types.Unavailable` where nothing may be run."""
        if tools.boxes is None:
            raise Broken("a program needs boxes")
        try:
            return judge(
                cast("str", spec["checks"]),
                learner_of(spec, answer, tools.boxes),
                variant.values,
                variant.seed,
                tools,
                tools.boxes,
            )
        except Unavailable:
            raise
        except BoxBroken as error:
            raise Broken(str(error)) from error

    def show(self, spec: Spec, variant: Variant, answer: Answer | None) -> dict[str, object]:
        starter = files_in(spec["starter"])
        written = files_in(answer["files"]) if answer else starter
        return {
            "files": [
                {"name": name, "text": written.get(name, ""), "starter": starter[name]}
                for name in names_of(spec)
            ],
            "main": names_of(spec)[0],
            "limits": {key: limit(spec, key) for key in LIMITS},
            "language": "python",
        }

    def solution(self, spec: Spec, variant: Variant) -> Answer | None:
        return {"files": spec["solution"]}

    def wrong(self, spec: Spec, variant: Variant) -> Mapping[str, Answer]:
        wrong = cast("Mapping[str, Json]", spec["wrong"])
        return {
            "starter": {"files": spec["starter"]},
            **{name: {"files": files} for name, files in wrong.items()},
        }


def names_of(spec: Spec) -> Sequence[str]:
    return cast("Sequence[str]", spec["files"])


def files_in(stored: Json) -> Mapping[str, str]:
    return cast("Mapping[str, str]", stored)


def limit(spec: Spec, key: str) -> float:
    limits = cast("Mapping[str, float]", spec.get("limits", {}))
    return limits.get(key, LIMITS[key][0])


def learner_of(spec: Spec, answer: Answer, boxes: Boxes) -> Learner:
    """The program that was handed in, ready to be opened in a box."""
    return Learner(boxes, files_in(answer["files"]), names_of(spec)[0], limits_of(spec))


def limits_of(spec: Spec) -> Limits:
    return Limits(
        cpu_seconds=int(limit(spec, "cpu_seconds")),
        wall_seconds=float(limit(spec, "wall_seconds")),
        memory_bytes=int(limit(spec, "memory_mb")) << 20,
    )


def check_names(review: Review, value: object) -> list[str]:
    names: list[str] = []
    for path, name in review.items(value, "spec.files", least=1):
        if not isinstance(name, str) or not FILE.fullmatch(name):
            review.report(path, "This must be a name such as solution.py.")
        elif name in names:
            review.report(path, "This file is there already.")
        else:
            names.append(name)
    if len(names) > MAX_FILES:
        review.report("spec.files", f"{MAX_FILES} files are the most.")
    return names


def check_limits(review: Review, value: object) -> None:
    table = review.table(value, "spec.limits", optional=tuple(LIMITS))
    for key, given in table.items():
        if key not in LIMITS:
            continue
        _, least, most = LIMITS[key]
        whole = isinstance(given, int) or (key == "wall_seconds" and isinstance(given, float))
        if not whole or isinstance(given, bool) or not least <= given <= most:
            review.report(f"spec.limits.{key}", f"This must lie between {least} and {most}.")


def check_files(review: Review, table: Table, names: list[str]) -> None:
    """Starter, solution and each wrong one must hold exactly the files that learners edit."""
    sets: list[tuple[str, Any]] = [
        (f"spec.{key}", table[key]) for key in ("starter", "solution") if key in table
    ]
    wrong = table.get("wrong", {})
    if not isinstance(wrong, Mapping) or not wrong:
        review.report("spec.wrong", "At least one wrong-NAME.py is needed.")
        wrong = {}
    sets += [(f"spec.wrong.{name}", files) for name, files in wrong.items()]
    for path, files in sets:
        if not isinstance(files, Mapping) or sorted(files) != sorted(names):
            review.report(path, f"These files are needed, and no others: {', '.join(names)}.")
        elif sum(len(str(text)) for text in files.values()) > MAX_CHARACTERS:
            review.report(path, f"{MAX_CHARACTERS} characters are the most.")
    if table.get("starter") == table.get("solution") and "starter" in table:
        review.report("spec.starter", "The starter is the solution.")
    shown_by = review.table(
        table.get("misconception_of", {}), "spec.misconception_of", optional=tuple(wrong)
    )
    for name, key in shown_by.items():
        if not isinstance(key, str) or not KEY.fullmatch(key):
            review.report(
                f"spec.misconception_of.{name}", "This must be the key of a misconception."
            )


def check_checks(review: Review, text: object) -> None:
    """checks.py must be Python with a check in it. What it does is proved by running it."""
    if not isinstance(text, str):
        return
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None)
        review.report("spec.checks", f"checks.py{f':{line}' if line else ''}: {error}")
        return
    decorators = [
        decorator
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        for decorator in node.decorator_list
    ]
    if not any(isinstance(call, ast.Call) for call in decorators):
        review.report("spec.checks", "checks.py needs at least one function under @check(…).")
