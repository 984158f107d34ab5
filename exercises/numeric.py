"""A number.

Answer: `{"value": text, "unit": text}`: what the learner wrote, and the unit chosen beside it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import ClassVar, cast

from exercises.choice import feedback_of
from exercises.numbers import exact, plain, read_number, written
from exercises.specs import Review, Table, calculated, values_of
from exercises.types import (
    Answer,
    Broken,
    Json,
    Outcome,
    Problem,
    Spec,
    Tools,
    Unreadable,
    Variant,
    Verdict,
)

KEYS = ("tolerance", "input", "units", "wrong")
INPUTS = ("integer", "decimal", "hexadecimal")


class Numeric:
    """Scores 1 within the tolerance of the answer (exact without one), else 0."""

    name: ClassVar[str] = "numeric"
    slow: ClassVar[bool] = False

    def check(self, spec: Spec) -> list[Problem]:
        review = Review(spec)
        check_numeric(review, review.top(spec, required=("answer",), optional=KEYS), "spec")
        return review.finish()

    def vary(self, spec: Spec, seed: int) -> Variant:
        return Variant(seed, values_of(spec, seed))

    def read(self, spec: Spec, variant: Variant, posted: Mapping[str, Sequence[str]]) -> Answer:
        value = plain(first(posted, "value"))
        unit = first(posted, "unit").strip() if spec.get("units") else ""
        understood(spec, value, unit)
        return {"value": value, "unit": unit}

    def grade(self, spec: Spec, variant: Variant, answer: Answer, tools: Tools) -> Verdict:
        try:
            given = understood(spec, str(answer["value"]), str(answer.get("unit", "")))
        except Unreadable as error:
            raise Broken(f"a stored answer that cannot be read: {error}") from error
        if near(given, number_of(spec["answer"], variant), tolerance_of(spec)):
            return Verdict(Outcome.PASSED, 1.0)
        for mistake in mistakes_of(spec):
            if near(given, number_of(mistake["answer"], variant), tolerance_of(spec)):
                said = feedback_of([mistake], variant.values)
                return Verdict(Outcome.WRONG, 0.0, feedback=said)
        return Verdict(Outcome.WRONG, 0.0)

    def show(self, spec: Spec, variant: Variant, answer: Answer | None) -> dict[str, object]:
        units = [unit["unit"] for unit in units_of(spec)]
        return {
            "input_kind": input_of(spec),
            "units": units,
            "unit": answer.get("unit", "") if answer else next(iter(units), ""),
            "value": answer["value"] if answer else "",
        }

    def solution(self, spec: Spec, variant: Variant) -> Answer | None:
        return self._answer(spec, spec["answer"], variant)

    def wrong(self, spec: Spec, variant: Variant) -> Mapping[str, Answer]:
        right = number_of(spec["answer"], variant)
        far = right + 2 * math.ceil(room(right, tolerance_of(spec))) + 1
        return {
            "far-off": self._answer(spec, readable(far), variant),
            **{
                f"wrong-{number}": self._answer(spec, mistake["answer"], variant)
                for number, mistake in enumerate(mistakes_of(spec), start=1)
            },
        }

    def _answer(self, spec: Spec, source: Json, variant: Variant) -> Answer:
        value = calculated(source, variant.values, variant.seed)
        units = units_of(spec)
        if not units:
            return {"value": written(value, input_of(spec)), "unit": ""}
        unit = next((unit for unit in units if factor_of(unit) == 1), units[0])
        number = number_of(source, variant) / factor_of(unit)
        return {"value": written(readable(number), input_of(spec)), "unit": unit["unit"]}


def first(posted: Mapping[str, Sequence[str]], name: str) -> str:
    """The first value of a field of a form, or ''."""
    return next(iter(posted.get(name, ())), "")


def input_of(spec: Spec) -> str:
    return cast("str", spec.get("input", "decimal"))


def units_of(spec: Spec) -> Sequence[Table]:
    return cast("Sequence[Table]", spec.get("units", ()))


def mistakes_of(spec: Spec) -> Sequence[Table]:
    return cast("Sequence[Table]", spec.get("wrong", ()))


def factor_of(unit: Table) -> Fraction:
    return exact(unit.get("factor", 1)) or Fraction(1)


def understood(spec: Spec, value: str, unit: str) -> Fraction:
    """What a learner's value means in the answer's unit. A unit in the value itself wins.

    Raises Unreadable.
    """
    number, typed = read_number(value, input_of(spec))
    units = units_of(spec)
    if not typed and not unit:
        return number * (factor_of(units[0]) if units else 1)
    wanted = typed or unit
    for same in (str, str.casefold):
        for known in units:
            if same(plain(known["unit"])) == same(wanted):
                return number * factor_of(known)
    names = ", ".join(known["unit"] for known in units)
    if not units:
        raise Unreadable(
            {
                "en": "Write the number alone, without anything behind it.",
                "zh-hans": "请只填写数字，后面不要加其他内容。",
            }
        )
    raise Unreadable(
        {"en": f"Use one of these units: {names}.", "zh-hans": f"请使用以下单位之一：{names}。"}
    )


def readable(number: Fraction) -> Json:
    """A fraction as an int, or as the nearest float."""
    return number.numerator if number.denominator == 1 else float(number)


def number_of(source: Json, variant: Variant) -> Fraction:
    """The exact number of an author's answer. Raises Broken."""
    value = calculated(source, variant.values, variant.seed)
    number = exact(value)
    if number is None:
        raise Broken(f"an answer that is no number: {value!r}")
    return number


def tolerance_of(spec: Spec) -> tuple[Fraction, Fraction]:
    """Absolute and relative; (0, 0) is exact."""
    table = cast("Table", spec.get("tolerance", {}))
    absolute, relative = (exact(table.get(key, 0)) for key in ("absolute", "relative"))
    return absolute or Fraction(), relative or Fraction()


def near(given: Fraction, wanted: Fraction, tolerance: tuple[Fraction, Fraction]) -> bool:
    return abs(given - wanted) <= room(wanted, tolerance)


def room(wanted: Fraction, tolerance: tuple[Fraction, Fraction]) -> Fraction:
    """How far from the answer a number may lie."""
    absolute, relative = tolerance
    return max(absolute, relative * abs(wanted))


def check_numeric(review: Review, table: Table, path: str) -> None:
    """Looks at `answer` and `KEYS`."""
    review.word(table, "input", path, INPUTS)
    if "answer" in table:
        check_number(review, table, table["answer"], f"{path}.answer")
    tolerance = review.table(
        table.get("tolerance", {}), f"{path}.tolerance", optional=("absolute", "relative")
    )
    for key, value in tolerance.items():
        if isinstance(value, str) or (exact(value) or 0) < 0 or exact(value) is None:
            review.report(f"{path}.tolerance.{key}", "This must be a number, 0 or more.")
    units: list[object] = []
    for where, item in review.items(table.get("units", ()), f"{path}.units"):
        unit = review.table(item, where, required=("unit", "factor"))
        check_unit(review, unit, where, units)
    if units and table.get("input") == "hexadecimal":
        review.report(f"{path}.units", "A hexadecimal number has no unit.")
    for where, item in review.items(table.get("wrong", ()), f"{path}.wrong"):
        mistake = review.table(
            item, where, required=("answer",), optional=("feedback", "misconception")
        )
        if "answer" in mistake:
            check_number(review, table, mistake["answer"], f"{where}.answer")
        review.text(mistake, "feedback", where)
        review.misconception(mistake, where)


def check_unit(review: Review, unit: Table, path: str, seen: list[object]) -> None:
    name, factor = unit.get("unit", "?"), unit.get("factor", 1)
    if not isinstance(name, str) or not name.strip() or name.strip()[0] in "0123456789.,^_":
        review.report(f"{path}.unit", "This must be a name that does not begin with a digit.")
    elif name in seen:
        review.report(f"{path}.unit", "This unit is there already.")
    if isinstance(factor, str) or (exact(factor) or 0) <= 0:
        review.report(f"{path}.factor", "This must be a number above 0.")
    seen.append(name)


def check_number(review: Review, table: Table, source: Json, path: str) -> None:
    """Tries an answer with the trial seeds: it must be a number of the kind that is asked for."""
    if isinstance(source, bool) or not isinstance(source, str | int | float):
        review.report(path, "This must be a number, or an expression in quotes.")
        return
    form = table.get("input", "decimal")
    for seed, value in review.computed(source, path):
        number = exact(value)
        if number is None or (isinstance(value, str) and form != "hexadecimal"):
            review.report(path, f"With seed {seed} this gives {value!r}, which is no number.")
            return
        if (
            form in ("integer", "hexadecimal")
            and number.denominator != 1
            and not table.get("units")
        ):
            review.report(path, f"With seed {seed} this gives {value!r}, no whole number.")
            return
