"""The page of one exercise: figures, what to look at, answers, groups, charts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from analysis.models import ExerciseTally
from analysis.queries import (
    Answer,
    Breakdown,
    Cluster,
    Statistics,
    bins,
    check_titles,
    exercise_statistics,
)
from analysis.types import ADVICE, Flag, Raised
from courses.models import Course, Exercise, ExerciseVersion
from teach.statistics.charts import curve, score_bars, short_time, time_bars, try_bars
from teach.statistics.listing import KIND_NAMES
from teach.statistics.words import Said, Text, said

CODE_KINDS = ("program", "contract")
FEW = 30
"""Learners below whom a page says that its figures say little."""


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """An answer in words, with its figures."""

    said: Said
    answer: Answer
    share: float | None
    """Of the learners, how many said so at their first try, 0 to 100."""


@dataclass(frozen=True, slots=True)
class FlagRow:
    """A flag in words."""

    flag: Flag
    title: str
    figure: str
    answers: Sequence[tuple[Said, Mapping[str, Any]]]
    advice: str | Promise


@dataclass(frozen=True, slots=True)
class GroupTable:
    """The groups of one dimension."""

    title: str | Promise
    breakdown: Breakdown
    names: Mapping[str, str | Promise]


@dataclass(frozen=True, slots=True)
class ClusterRow:
    """Programs that failed the same checks, in words."""

    cluster: Cluster
    first: Said
    others: Sequence[Said]


def exercise_page(course: Course, exercise: Exercise, version: int | None) -> dict[str, Any] | None:
    """All that templates/teach/statistics/exercise.html needs; None where there is no such version.

    At most 12 queries, however many have answered.
    """
    found = exercise_statistics(course, exercise, version)
    if found is None:
        return None
    own = found.version
    titles = _misconception_titles(course)
    if own.kind in CODE_KINDS:
        titles |= check_titles(own)
    answers = {facet: _rows(rows, found, titles) for facet, rows in found.answers.items()}
    return {
        "found": found,
        "version": own,
        "kind_name": KIND_NAMES[own.kind],
        "is_code": own.kind in CODE_KINDS,
        "is_few": found.figures.learners < FEW,
        "flags": [_flag(one, own, titles) for one in found.flags],
        "options": _in_order([*answers.get("option", []), *answers.get("pair", [])]),
        "wrong": answers.get("answer", []),
        "checks": answers.get("check", []),
        "misconceptions": answers.get("misconception", []),
        "clusters": [_cluster(one, own, titles) for one in found.clusters],
        "languages": _by_language(found),
        "groups": _groups(found),
        "median": _time(found.figures.seconds),
        "charts": _charts(found),
        "curve": curve(found.item) if found.item else None,
    }


def _rows(
    answers: Iterable[Answer], found: Statistics, titles: Mapping[str, Text]
) -> list[AnswerRow]:
    return [
        AnswerRow(said(one, found.version, titles), one, _share(one, found.figures.learners))
        for one in answers
    ]


def _share(answer: Answer, learners: int) -> float | None:
    return 100 * answer.firsts / learners if learners else None


def _in_order(rows: Iterable[AnswerRow]) -> list[AnswerRow]:
    """Options as the author wrote them, the gaps and rows one after the other."""
    return sorted(
        rows,
        key=lambda row: (
            row.answer.part.zfill(4),
            row.answer.key.zfill(4),
        ),
    )


def _flag(raised: Raised, version: ExerciseVersion, titles: Mapping[str, Text]) -> FlagRow:
    named = [(said(one, version, titles), one) for one in raised.facts.get("answers", ())]
    return FlagRow(
        raised.flag,
        str(raised.flag.label),
        _figure(raised),
        named,
        ADVICE[raised.flag],
    )


def _figure(raised: Raised) -> str:
    value: float | None = raised.facts.get("value")
    if value is None:
        return ""
    if raised.flag in (Flag.NEGATIVE, Flag.FLAT):
        return str(_("Discrimination %(value)s")) % {"value": f"{value:+.2f}"}
    if raised.flag is Flag.SLOW:
        return str(_("Median %(time)s")) % {"time": short_time(value)}
    if raised.flag is Flag.MANY_TRIES:
        return str(_("%(value)s tries on average")) % {"value": f"{value:.1f}"}
    if raised.flag is Flag.MISCONCEPTION:
        return str(_("%(percent)s %% of the learners")) % {"percent": f"{100 * value:.0f}"}
    return str(_("Facility %(percent)s %%")) % {"percent": f"{100 * value:.0f}"}


def _misconception_titles(course: Course) -> dict[str, Text]:
    assert course.current is not None, "a course that was published"
    known = course.current.about.get("misconceptions", {})
    return {key: one.get("title", {}) for key, one in known.items()}


def _cluster(cluster: Cluster, version: ExerciseVersion, titles: Mapping[str, Text]) -> ClusterRow:
    checks = [
        said({"facet": "check", "part": "", "key": key}, version, titles) for key in cluster.checks
    ]
    return ClusterRow(cluster, checks[0], checks[1:])


def _by_language(found: Statistics) -> list[dict[str, Any]]:
    """Options, and how many of each language chose them at their first try."""
    learners = {
        group.value: group.figures.learners
        for breakdown in found.breakdowns
        if breakdown.dimension == ExerciseTally.Dimension.LANGUAGE
        for group in breakdown.groups
    }
    languages = [language for language in found.by_language if learners.get(language)]
    if len(languages) < 2:
        return []
    shares = {
        language: {
            (one.facet, one.part, one.key): _share(one, learners[language])
            for one in found.by_language[language]
        }
        for language in languages
    }
    names = dict(settings.LANGUAGES)
    return [{"language": names.get(one, one), "shares": shares[one]} for one in languages]


def _groups(found: Statistics) -> list[GroupTable]:
    names: dict[str, str | Promise] = {**dict(settings.LANGUAGES), "": _("no organisation")}
    return [
        GroupTable(ExerciseTally.Dimension(one.dimension).label, one, names)
        for one in found.breakdowns
        if len(one.groups) + one.hidden > 1
    ]


def _charts(found: Statistics) -> list[dict[str, Any]]:
    return [
        {
            "title": _("Score of the first try"),
            "unit": _("percent"),
            "bars": score_bars(bins(found, "scores")),
        },
        {"title": _("Tries"), "unit": _("of a learner"), "bars": try_bars(bins(found, "tried"))},
        {
            "title": _("Time to the first try"),
            "unit": _("at least"),
            "bars": time_bars(bins(found, "time")),
        },
    ]


def _time(seconds: float | None) -> str:
    return "" if seconds is None else short_time(seconds)
