"""What each figure means: shown on hover and focus beside it, and all together on a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from reports.columns import Words


@dataclass(frozen=True, slots=True)
class Definition:
    """One figure: its name and a sentence that says what is counted, and from what."""

    key: str
    title: Words
    words: Words


_ALL = (
    Definition(
        "qualified-people",
        _("Qualified people"),
        _(
            "People who meet the rule of at least one programme, each counted once however many "
            "programmes or organisations. The count moves in the transaction in which somebody "
            "becomes qualified."
        ),
    ),
    Definition(
        "learners",
        _("Learners"),
        _(
            "People on a programme, once for each programme. Who studies one programme in two "
            "organisations counts once."
        ),
    ),
    Definition(
        "invited", _("Invited"), _("For whom a place was kept, and everybody further than that.")
    ),
    Definition(
        "registered",
        _("Registered"),
        _("Who have an account and belong to a cohort of the programme, or came further."),
    ),
    Definition(
        "enrolled", _("Enrolled"), _("In a course that the programme requires, or further.")
    ),
    Definition(
        "active",
        _("Active"),
        _("With at least one graded try in a required course, or further."),
    ),
    Definition(
        "halfway",
        _("Halfway"),
        _(
            "Half of the way through the required courses, where a course that is half done counts "
            "a half; or further."
        ),
    ),
    Definition("completed", _("Completed"), _("All required courses are completed.")),
    Definition(
        "qualified",
        _("Qualified"),
        _(
            "Meets the rule of the programme. Who is qualified in two programmes stands here "
            "twice, and once in the national count."
        ),
    ),
    Definition(
        "conversion",
        _("Conversion"),
        _("Of those who reached the stage before, the share that reached this one."),
    ),
    Definition(
        "median-days",
        _("Median days"),
        _(
            "Half of the people needed no more days from the stage before. Of the whole country, "
            "and of people whose moments at both stages are known."
        ),
    ),
    Definition(
        "qualified-share",
        _("Qualified of enrolled"),
        _("Of those who enrolled at any time, the share that is qualified by now."),
    ),
    Definition(
        "density",
        _("For every 100,000 inhabitants"),
        _(
            "Qualified in the province, divided by who lives there: Seventh National Population "
            "Census, 1 November 2020."
        ),
    ),
    Definition(
        "weekly-rate",
        _("Weekly rate"),
        _("People who became qualified in the last 12 whole weeks, divided by 12."),
    ),
    Definition(
        "required-rate",
        _("Required weekly rate"),
        _("What is missing to the goal, divided by the weeks that are left to its day."),
    ),
    Definition(
        "forecast",
        _("Forecast"),
        _(
            "What comes of the history if things go on as they do: its level, its growth, and the "
            "seasons of its years. Between the two ends lies what will happen with a chance of "
            "80 %, measured by what the same model would have foreseen in the past."
        ),
    ),
    Definition(
        "retention",
        _("Retention"),
        _(
            "Of those who enrolled in a month, the share with a graded try in the same month (0), "
            "the next one (1) and so on. The latest month is not over."
        ),
    ),
    Definition(
        "competency",
        _("Exercises passed"),
        _(
            "Exercises that examine the competency, passed for the first time by anybody in the "
            "last 30 days."
        ),
    ),
    Definition(
        "queue", _("Waiting"), _("Submissions that no worker has taken yet, at this moment.")
    ),
    Definition(
        "grading-time",
        _("Time to the verdict"),
        _(
            "From handing in to the verdict, of the last 500 gradings by workers: half took no "
            "longer than the first, 95 of 100 no longer than the second."
        ),
    ),
    Definition(
        "grading-failures",
        _("Failures of ours"),
        _("Of the last 500 gradings, those that our engine broke. They cost the learner no try."),
    ),
    Definition(
        "organisations",
        _("Organisations"),
        _("Verified by the centre. Their people count in their province whether verified or not."),
    ),
    Definition(
        "small-groups",
        _("Small groups"),
        _(
            "No figure of fewer than 10 people is shown, nor one from which it could be worked "
            "out. Such groups are counted together here, so that columns add up to the total."
        ),
    ),
)
DEFINITIONS: Mapping[str, Definition] = {each.key: each for each in _ALL}
"""By key, in the order in which the page lists them."""


def meaning(key: str) -> Words:
    """The sentence of a figure. Raises KeyError for one that is not defined."""
    return DEFINITIONS[key].words
