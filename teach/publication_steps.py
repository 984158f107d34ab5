"""What a publication waits for, as a list for people."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from authoring.models import Trial
from authoring.types import Preparation

TITLES: dict[str, str | Promise] = {
    "faults": _("The course reads without a fault"),
    "new": _("It differs from what learners study"),
    "proof": _("Every exercise is proved"),
    "policy": _("It keeps apart from virtual currency"),
    "review": _("A second person consents"),
    "notes": _("Release notes in every language"),
    "learners": _("What it is to learners in the middle"),
}
OBSTACLES: dict[str, str | Promise] = {
    "removed": _("An exercise is gone that they have in their release."),
    "judged": _("An exercise is judged otherwise than before, or is worth something else."),
    "more": _("More points than before are needed to complete the course."),
}
CHANGES: dict[str, str | Promise] = {
    "added": _("new"),
    "removed": _("gone"),
    "words": _("other words, judged as before"),
    "judged": _("judged otherwise"),
}
FEW = 5
"""Of fewer people than these no number is shown."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is done or is still to be done. `key` is where the page speaks of it."""

    key: str
    title: str | Promise
    is_done: bool


@dataclass(frozen=True, slots=True)
class Change:
    """An exercise that changes, as the page says it. `touched`: None hides a small number."""

    title: dict[str, str]
    what: str | Promise
    touched: int | None


def steps_of(found: Preparation) -> list[Step]:
    """In the order in which they are done; the review only where one is asked for."""
    return [
        Step(key, title, key not in found.missing)
        for key, title in TITLES.items()
        if key != "review" or found.needs_review
    ]


def proof_step(proof: Trial) -> Step:
    """The step of a proof that is over."""
    return Step("proof", TITLES["proof"], proof.holds)


def changes_of(found: Preparation) -> list[Change]:
    return [
        Change(one.title, CHANGES[one.what], one.touched if not 0 < one.touched < FEW else None)
        for one in found.impact.changes
    ]


def obstacles_of(found: Preparation) -> list[str | Promise]:
    return [OBSTACLES[one] for one in found.impact.obstacles]
