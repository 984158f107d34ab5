"""What the figures of organisations and cohorts mean: shown on hover, written into exports."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

PEOPLE = _("Everybody who is in the cohort now.")
ORGANISATION_PEOPLE = _(
    "Everybody who is a learner of the organisation or in one of its cohorts now, each once."
)
ACTIVE_THIS_WEEK = _(
    "Who enrolled, opened a lesson or handed something in within the last 7 days, in a course of "
    "a cohort that has not ended."
)
HALFWAY = _(
    "Who is half of the way through the courses that the programme requires, or further. "
    "A course that is half done counts a half."
)
QUALIFIED = _("Who meets the rule of the programme.")
TARGET = _("How many of the cohort are to qualify.")
NEXT_DEADLINE = _("The next day by which a course of the cohort is to be completed.")
PROGRESS = _(
    "The mean, over the courses that the programme requires, of the share done of what completes "
    "each of them."
)
LAST_ACTIVE = _("The last day on which they opened a lesson or handed something in, in China.")
REASONS = _("Every rule that holds today, with the numbers that make it hold.")
POINTS = _("The best points of each exercise, added up.")
SHARE = _("Of the points that complete the course.")
COMPLETED_ON = _("The day on which the course was completed.")
COMPETENCY = _("Who has completed a course in which the competency is examined, each once.")
STAGE = _("How far they have come on the programme that the organisation counts them in.")
ORGANISATION_COMPLETED = _("Courses of the organisation's cohorts that they have completed.")
AT_RISK = _("For whom at least one of the rules below holds, in a cohort that has not ended.")
