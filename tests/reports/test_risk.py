"""The rules of who is at risk, one table of them."""

from __future__ import annotations

import datetime

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from reports.risk import CourseFacts, Facts, Rule, StuckFacts, reasons

TODAY = datetime.date(2026, 11, 24)


def day(ago: int) -> datetime.date:
    return TODAY - datetime.timedelta(days=ago)


def course(**fields: object) -> CourseFacts:
    """Begun a week ago and tried yesterday, with no deadline."""
    begun = {"enrolled_on": day(7), "active_on": day(1), "has_tried": True}
    return CourseFacts(**{"title": "Hashes", **begun, **fields})  # type: ignore[arg-type]


NOT_BEGUN = CourseFacts("Hashes")
UNTRIED = {"has_tried": False}

TABLE: dict[str, tuple[Facts, list[Rule]]] = {
    "all is well": (Facts(day(7), [course(due_on=day(-30), share=0.2)]), []),
    "no course at all": (Facts(day(90), []), []),
    "joined 13 days ago": (Facts(day(13), [NOT_BEGUN]), []),
    "joined 14 days ago": (Facts(day(14), [NOT_BEGUN]), [Rule.NOT_ENROLLED]),
    "enrolled in one of two": (Facts(day(14), [NOT_BEGUN, course()]), []),
    "enrolled 13 days ago": (Facts(day(13), [course(**UNTRIED, enrolled_on=day(13))]), []),
    "enrolled 14 days ago": (
        Facts(day(14), [course(**UNTRIED, enrolled_on=day(14))]),
        [Rule.NO_TRY],
    ),
    "completed without a try of theirs": (
        Facts(day(99), [course(**UNTRIED, enrolled_on=day(99), is_completed=True)]),
        [],
    ),
    "away 13 days": (
        Facts(day(20), [course(share=0.9, active_on=day(13), due_on=day(-28))]),
        [],
    ),
    "away 14 days, deadline in 28": (
        Facts(day(20), [course(share=0.9, active_on=day(14), due_on=day(-28))]),
        [Rule.INACTIVE],
    ),
    "away 14 days, deadline in 29": (
        Facts(day(20), [course(share=0.9, active_on=day(14), due_on=day(-29))]),
        [],
    ),
    "away without a deadline": (Facts(day(90), [course(active_on=day(80))]), []),
    "the deadline is today": (Facts(day(3), [course(share=0.9, due_on=TODAY)]), []),
    "the deadline was yesterday": (
        Facts(day(30), [course(share=0.99, due_on=day(1))]),
        [Rule.OVERDUE],
    ),
    "completed late": (Facts(day(30), [course(is_completed=True, due_on=day(9))]), []),
    # 10 of 20 days: an even pace has done 50 %.
    "a quarter behind": (Facts(day(10), [course(share=0.25, due_on=day(-10))]), []),
    "more than that": (
        Facts(day(10), [course(share=0.24, due_on=day(-10))]),
        [Rule.BEHIND],
    ),
    "too early to tell": (
        Facts(day(6), [course(enrolled_on=day(6), share=0.0, due_on=day(-1))]),
        [],
    ),
    "enrolled before the cohort began": (
        Facts(day(0), [course(enrolled_on=day(10), share=0.1, due_on=day(-10))]),
        [Rule.BEHIND],
    ),
    "four tries": (Facts(day(7), [course()], [StuckFacts("Digest", 4, day(1))]), []),
    "five tries": (Facts(day(7), [course()], [StuckFacts("Digest", 5, day(14))]), [Rule.STUCK]),
    "five tries long ago": (Facts(day(7), [course()], [StuckFacts("Digest", 5, day(15))]), []),
    "all of it, the most urgent first": (
        Facts(
            day(40),
            [
                course(**UNTRIED, enrolled_on=day(40), active_on=day(40), due_on=day(-5)),
                course(due_on=day(2)),
            ],
            [StuckFacts("Digest", 9, day(3))],
        ),
        [Rule.OVERDUE, Rule.INACTIVE, Rule.BEHIND, Rule.NO_TRY, Rule.STUCK],
    ),
}


@pytest.mark.parametrize("name", TABLE)
def test_which_rules_hold(name: str) -> None:
    facts, rules = TABLE[name]
    assert [reason.rule for reason in reasons(facts, TODAY)] == rules


def test_every_rule_is_in_the_table() -> None:
    assert {rule for _facts, rules in TABLE.values() for rule in rules} == set(Rule)


def test_reasons_say_their_numbers() -> None:
    late = Facts(day(40), [course(share=0.6, due_on=day(4))], [StuckFacts("Digest", 7, day(1))])
    behind = Facts(day(10), [course(share=0.2, active_on=day(14), due_on=day(-10))])
    quiet = Facts(day(21), [course(**UNTRIED, enrolled_on=day(20))])
    absent = Facts(day(21), [NOT_BEGUN])
    with translation.override("en"):
        said = [
            str(reason.words)
            for facts in (late, behind, quiet, absent)
            for reason in reasons(facts, TODAY)
        ]
    assert said == [
        "The deadline of Hashes passed 4 days ago; 60 % of what completes it is done.",
        "Has tried “Digest” 7 times without passing it, the last time on 2026-11-23.",
        "Away from Hashes for 14 days, with 10 days left until its deadline.",
        (
            "Has done 20 % of what completes Hashes; an even pace up to its deadline, 2026-12-04, "
            "would have done 50 % by today."
        ),
        "Enrolled in Hashes 20 days ago and has handed in nothing there.",
        "In the cohort for 21 days and enrolled in none of its courses.",
    ]


@given(
    share=st.floats(0, 1),
    more=st.floats(0, 1),
    due=st.integers(-60, 60),
    begun=st.integers(0, 60),
    away=st.integers(0, 60),
)
def test_who_has_done_more_has_no_more_reasons(
    share: float, more: float, due: int, begun: int, away: int
) -> None:
    def rules(done: float) -> set[Rule]:
        one = course(share=done, due_on=day(due), enrolled_on=day(begun), active_on=day(away))
        return {reason.rule for reason in reasons(Facts(day(begun), [one]), TODAY)}

    assert rules(max(share, more)) <= rules(min(share, more))
