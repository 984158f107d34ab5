"""What changes the rows of this room. Each docstring lists the effects in order."""

from __future__ import annotations

from courses.actions.cohorts import (
    join_cohort,
    leave_cohort,
    merge_cohorts,
    move_members,
    set_deadlines,
    set_plan,
)
from courses.actions.counts import repair_tallies, tally
from courses.actions.enrolments import (
    enrol,
    move_to_current_release,
    qualify_eligible,
    record_progress,
    remember_lesson,
)
from courses.actions.people import erase_person, merge_people
from courses.actions.places import (
    accept_places,
    change_places,
    follow_link,
    invite,
    withdraw_places,
)
from courses.actions.releases import move_learners

__all__ = [
    "accept_places",
    "change_places",
    "enrol",
    "erase_person",
    "follow_link",
    "invite",
    "join_cohort",
    "leave_cohort",
    "merge_cohorts",
    "merge_people",
    "move_learners",
    "move_members",
    "move_to_current_release",
    "qualify_eligible",
    "record_progress",
    "remember_lesson",
    "repair_tallies",
    "set_deadlines",
    "set_plan",
    "tally",
    "withdraw_places",
]
