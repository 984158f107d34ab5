"""What pages read of this room: stored rows alone. Each docstring says how many queries."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from accounts.models import Organisation
from analysis.answers import cluster_id
from analysis.models import AnswerTally, Clustered, ExerciseTally, Fit, Remarks
from analysis.statistics import (
    Figures,
    chooser_correlation,
    figures,
    histogram,
    shown_cells,
)
from analysis.types import Flag, Raised
from courses.models import Course, Exercise, ExerciseVersion, LessonExercise
from grading.models import Submission

MOST_ANSWERS = 12
"""Of each facet on a page."""
OPTION_ROWS = 400
REPRESENTATIVES = 3

Facet = AnswerTally.Facet
Mark = AnswerTally.Mark
Dimension = ExerciseTally.Dimension


@dataclass(frozen=True, slots=True)
class ExerciseRow:
    """One exercise of the current release, in its order."""

    place: int
    lesson: Mapping[str, str]
    lesson_key: str
    version: ExerciseVersion
    """Without its spec."""
    figures: Figures
    flags: Sequence[Raised]


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, or a part of one."""

    facet: str
    part: str
    key: str
    mark: str
    tries: int
    learners: int
    firsts: int
    rest: float | None
    """Mean rest score of whose first try said so."""
    correlation: float | None
    """`analysis.statistics.chooser_correlation`."""


@dataclass(frozen=True, slots=True)
class Group:
    """A group of learners beside the others of its dimension."""

    value: str
    """As the dimension has it; of an organisation its name."""
    figures: Figures


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The groups of one dimension that may be shown."""

    dimension: str
    groups: Sequence[Group]
    hidden: int
    """Groups that may not: they are smaller than `CELL_K`, or give away one that is."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Programs that failed the same checks."""

    cluster: str
    checks: Sequence[str]
    """Their keys, in the author's order: the first is what fails first."""
    tries: int
    learners: int
    newest: Sequence[Submission]
    """A few of them."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """All that is known of one version of an exercise."""

    version: ExerciseVersion
    versions: Sequence[ExerciseVersion]
    """Those that somebody has answered, and this one, the newest first."""
    figures: Figures
    sums: Mapping[str, int]
    flags: Sequence[Raised]
    answers: Mapping[str, Sequence[Answer]]
    """By facet, the most frequent first: of typed answers those that are not right."""
    by_language: Mapping[str, Sequence[Answer]]
    """Options and pairs of the learners of each language that may be shown."""
    breakdowns: Sequence[Breakdown]
    clusters: Sequence[Cluster]
    item: Mapping[str, Any] | None
    """Of the item response model (`analysis.fitting`)."""
    fitted_at: datetime.datetime | None
    fitted_learners: int
    as_of: datetime.datetime | None


def course_statistics(course: Course) -> list[ExerciseRow]:
    """Every exercise of the course's current release. 3 queries."""
    placed = LessonExercise.objects.filter(lesson__release=course.current_id)
    placements = list(
        placed.select_related("lesson", "version__exercise")
        .defer("version__spec", "version__statement", "lesson__body")
        .order_by("lesson__position", "position")
    )
    versions = [placement.version_id for placement in placements]
    tallies = ExerciseTally.objects.filter(version__in=versions, dimension="", value="")
    sums = dict(tallies.values_list("version", "sums"))
    remarks = dict(Remarks.objects.filter(version__in=versions).values_list("version", "flags"))
    return [
        ExerciseRow(
            place,
            placement.lesson.title,
            placement.lesson.key,
            placement.version,
            figures(sums.get(placement.version_id, {})),
            flags_of(remarks.get(placement.version_id, [])),
        )
        for place, placement in enumerate(placements, start=1)
    ]


def reliabilities(course: Course) -> dict[str, Mapping[str, Any]]:
    """Lesson key → alpha of the current release's lessons, where it could be computed. 1 query."""
    found = Fit.objects.filter(release=course.current_id).values_list("lessons", flat=True).first()
    return found or {}


def exercise_statistics(
    course: Course, exercise: Exercise, version: int | None
) -> Statistics | None:
    """What is known of one version; None where there is no such one.

    `version` None: the one of the current release, else the newest. At most 11 queries.
    """
    versions = list(
        ExerciseVersion.objects.filter(exercise=exercise)
        .annotate(
            is_current=Exists(
                LessonExercise.objects.filter(
                    version=OuterRef("pk"), lesson__release=course.current_id
                )
            ),
            is_answered=Exists(ExerciseTally.objects.filter(version=OuterRef("pk"))),
        )
        .filter(Q(is_current=True) | Q(is_answered=True))
        .order_by("-pk")
    )
    current = [one for one in versions if one.is_current]
    wanted = [one for one in versions if one.pk == version] if version else current or versions
    if not wanted:
        return None
    own = wanted[0]
    tallies = list(ExerciseTally.objects.filter(version=own))
    sums: Mapping[str, int] = next(
        (row.sums for row in tallies if row.dimension == Dimension.ALL), {}
    )
    answers = _answers(own)
    remarks = Remarks.objects.filter(version=own).first()
    fit = Fit.objects.filter(release=course.current_id).first()
    return Statistics(
        version=own,
        versions=versions,
        figures=figures(sums),
        sums=sums,
        flags=flags_of(remarks.flags if remarks else []),
        answers={facet: [_answer(row, sums) for row in rows] for facet, rows in answers.items()},
        by_language=_by_language(own, tallies),
        breakdowns=_breakdowns(tallies),
        clusters=_clusters(own, answers.get(Facet.CLUSTER, [])),
        item=fit.items.get(str(own.pk)) if fit else None,
        fitted_at=fit.fitted_at if fit else None,
        fitted_learners=fit.learners if fit else 0,
        as_of=remarks.updated_at if remarks else None,
    )


def flags_of(stored: Iterable[Mapping[str, Any]]) -> list[Raised]:
    """The flags of `Remarks`."""
    return [Raised(Flag(one["flag"]), one["facts"]) for one in stored]


def bins(statistics: Statistics, name: str) -> dict[int, int]:
    """A histogram of `scores`, `tried` or `time`: see `analysis.counts`. No query."""
    return histogram(statistics.sums, name)


def check_titles(version: ExerciseVersion) -> dict[str, Mapping[str, str]]:
    """The titles of a program's checks, by key, as its newest failed submission has them.

    1 query; none for other kinds.
    """
    newest = (
        Clustered.objects.filter(version=version)
        .order_by("-submission")
        .values_list("submission__body__verdict", flat=True)
        .first()
    )
    return {check["key"]: check.get("title", {}) for check in (newest or {}).get("checks", ())}


def _answers(version: ExerciseVersion) -> dict[str, list[AnswerTally]]:
    """The most frequent of each facet; of whole answers those that are wrong. 3 queries."""
    own = AnswerTally.objects.filter(version=version, language="").order_by("-learners")
    # Uses index: answer_tally_most. One query each: there may be as many answers as learners.
    wrong = own.filter(facet=Facet.ANSWER).exclude(mark=Mark.RIGHT)[:MOST_ANSWERS]
    clusters = own.filter(facet=Facet.CLUSTER)[:MOST_ANSWERS]
    parts = own.exclude(facet__in=(Facet.ANSWER, Facet.CLUSTER))[:OPTION_ROWS]
    found: dict[str, list[AnswerTally]] = {}
    for row in sorted((*parts, *wrong, *clusters), key=lambda row: (-row.learners, row.pk)):
        found.setdefault(row.facet, []).append(row)
    return found


def _answer(row: AnswerTally, sums: Mapping[str, int]) -> Answer:
    rest = row.rest_sum / row.rest_count / 1000 if row.rest_count else None
    correlation = chooser_correlation(sums, row.rest_count, row.rest_sum)
    return Answer(
        *(row.facet, row.part, row.key, row.mark, row.tries, row.learners, row.firsts),
        rest=rest,
        correlation=correlation,
    )


def _by_language(
    version: ExerciseVersion, tallies: Sequence[ExerciseTally]
) -> dict[str, list[Answer]]:
    """1 query where there are two languages to compare."""
    own = {row.value: row for row in tallies if row.dimension == Dimension.LANGUAGE}
    shown = shown_cells({value: row.sums.get("visitors", 0) for value, row in own.items()})
    if len(shown) < 2:
        return {}
    rows = AnswerTally.objects.filter(
        version=version, language__in=shown, facet__in=(Facet.OPTION, Facet.PAIR)
    )
    found: dict[str, list[Answer]] = {language: [] for language in sorted(shown)}
    for row in rows.order_by("-learners", "pk")[:OPTION_ROWS]:
        found[row.language].append(_answer(row, own[row.language].sums))
    return found


def _breakdowns(tallies: Sequence[ExerciseTally]) -> list[Breakdown]:
    """1 query for the names of organisations."""
    names = Organisation.objects.in_bulk(
        [int(row.value) for row in tallies if row.dimension == Dimension.ORGANISATION and row.value]
    )
    found = []
    for dimension in (Dimension.VALUE, Dimension.LANGUAGE, Dimension.CODE, Dimension.ORGANISATION):
        own = {row.value: row.sums for row in tallies if row.dimension == dimension}
        learners = {value: sums.get("learners", 0) for value, sums in own.items()}
        shown = set[str]()
        for group in _alternatives(dimension, learners):
            shown |= shown_cells({value: learners[value] for value in group})
        groups = [Group(value, figures(own[value])) for value in sorted(shown)]
        if dimension == Dimension.ORGANISATION:
            groups = [
                Group(names[int(group.value)].name if group.value else "", group.figures)
                for group in groups
                if not group.value or int(group.value) in names
            ]
            groups.sort(key=lambda group: (-group.figures.learners, group.value))
        if own:
            found.append(Breakdown(dimension.value, groups, len(own) - len(shown)))
    return found


def _alternatives(dimension: Dimension, values: Iterable[str]) -> Iterable[list[str]]:
    """Groups that share out the same learners: of drawn values those of each name."""
    found: dict[str, list[str]] = {}
    for value in values:
        name = value.split(" = ")[0] if dimension == Dimension.VALUE else ""
        found.setdefault(name, []).append(value)
    return found.values()


def _clusters(version: ExerciseVersion, rows: Sequence[AnswerTally]) -> list[Cluster]:
    """1 query where there are any."""
    names = {row.key: cluster_id(row.key) for row in rows}
    newest = newest_of(version, names.values()) if names else {}
    return [
        Cluster(
            names[row.key],
            row.key.split(" "),
            row.tries,
            row.learners,
            newest.get(names[row.key], []),
        )
        for row in rows
    ]


def newest_of(version: ExerciseVersion, clusters: Iterable[str]) -> dict[str, list[Submission]]:
    """The newest submissions of each cluster, at most one of a learner. 1 query."""
    own = Clustered.objects.filter(version=version, cluster__in=list(clusters))
    place = Window(RowNumber(), partition_by=F("cluster"), order_by="-submission")
    rows: QuerySet[Clustered] = own.annotate(place=place).filter(place__lte=4 * REPRESENTATIVES)
    found: dict[str, list[Submission]] = {}
    for row in rows.select_related("submission__progress").order_by("-submission"):
        each = found.setdefault(row.cluster, [])
        known = {one.progress_id for one in each}
        if len(each) < REPRESENTATIVES and row.submission.progress_id not in known:
            each.append(row.submission)
    return found
