"""What stands for an answer on a page: the option's text, the pair, what was typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from analysis.queries import Answer
from courses.models import ExerciseVersion
from exercises.match import pairs_of, rights_of

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Text = Mapping[str, str]
RELATION = "relation:"
RELATIONS: Mapping[str, _StrPromise] = {
    "right": _("the right number"),
    "rounded": _("the right number, rounded or cut off"),
    "opposite": _("the right number with the opposite sign"),
    "times-10": _("10 times the right number"),
    "times-100": _("100 times the right number"),
    "times-1000": _("1,000 times the right number"),
    "by-10": _("a tenth of the right number"),
    "by-100": _("a hundredth of the right number"),
    "by-1000": _("a thousandth of the right number"),
    "double": _("twice the right number"),
    "half": _("half of the right number"),
    "one-more": _("one too many"),
    "one-less": _("one too few"),
    "other": _("another number"),
}
MISTAKE = _("foreseen mistake %(number)s")
"""Numbered as in exercise.toml."""


@dataclass(frozen=True, slots=True)
class Said:
    """An answer in words. One of `texts` (HTML in each language) and `plain` is empty."""

    sign: str
    """What it is called in short: the letter of an option; ""."""
    texts: Sequence[Text]
    """Several stand for a sequence: items in the order that was given."""
    plain: str | _StrPromise
    part: str = ""
    """The gap that it was given to."""
    is_text: bool = False
    """Whether it is text of ours or the author's, and neither HTML nor what a learner typed."""


def said(
    answer: Answer | Mapping[str, Any], version: ExerciseVersion, titles: Mapping[str, Text]
) -> Said:
    """The words of an answer, or of one that a flag names. `titles`: of checks and
    misconceptions, by key."""
    facet, part, key = _named(answer)
    spec: Any = version.spec
    if facet == "option":
        options = _options(spec, part)
        known = options[int(key) : int(key) + 1]
        return Said(letter(int(key)), [option["text"] for option in known], "", part)
    if facet == "pair":
        row, right = pairs_of(spec)[int(part)], rights_of(spec)[int(key)]
        return Said("", [row["left"], right], "")
    if facet in ("check", "misconception"):
        title = titles.get(key)
        return Said("", [title] if title else [], "" if title else key, is_text=bool(title))
    if facet == "answer" and version.kind == "order":
        return Said("", [spec["items"][int(index)] for index in key.split(">")], "")
    return Said("", [], _typed(version.kind, key), part, is_text=key.startswith(RELATION))


def _typed(kind: str, key: str) -> str:
    if kind == "choices":
        return " + ".join(letter(int(index)) for index in key.split("+"))
    return relation(key.removeprefix(RELATION)) if key.startswith(RELATION) else key


def letter(index: int) -> str:
    """A, B, C … of an option, in the author's order."""
    return chr(ord("A") + index) if index < 26 else str(index + 1)


def relation(name: str) -> str:
    """How a number relates to the right one, in words."""
    if name.startswith("mistake-"):
        return str(MISTAKE) % {"number": name.removeprefix("mistake-")}
    return str(RELATIONS.get(name, name))


def _named(answer: Answer | Mapping[str, Any]) -> tuple[str, str, str]:
    if isinstance(answer, Mapping):
        return answer["facet"], answer["part"], answer["key"]
    return answer.facet, answer.part, answer.key


def _options(spec: Any, part: str) -> Sequence[Mapping[str, Any]]:
    if not part:
        options: Sequence[Mapping[str, Any]] = spec["options"]
        return options
    return next((gap["options"] for gap in spec["gaps"] if gap["key"] == part), [])
