"""Exercises that can be copied, and those that were."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404

from accounts.models import Membership, Organisation, User
from authoring.laying import draft
from authoring.models import BankItem, BankSharing, Workspace
from courses.models import ExerciseVersion
from courses.search import pattern, terms

_ORIGIN = re.compile(r"(?P<course>[^/]+)/(?P<exercise>[^@]+)@(?P<digest>[0-9a-f]{12})")


@dataclass(frozen=True, slots=True)
class Copied:
    """An exercise of a draft that was copied from the bank."""

    lesson: str
    """Its folder."""
    key: str
    title: dict[str, str]
    origin: str
    newer: BankItem | None
    """What its origin is now, where that is another version that the reader may find."""


def items_for(workspace: Workspace, *, q: str = "", kind: str = "") -> QuerySet[BankItem]:
    """What may be found from a workspace: current items of its own organisation and of those that
    share. With `used`, the number of workspaces that copied it. 1 query when it is read."""
    items = _visible(workspace).filter(is_current=True)
    if kind:
        items = items.filter(kind=kind)
    for term in terms(q):
        items = items.filter(search_text__contains=pattern(term))
    counted = items.annotate(used=Count("uses")).select_related("workspace__organisation")
    return counted.order_by("-used", "workspace__course_key", "exercise_key")


def item_for(workspace: Workspace, item_uuid: uuid.UUID) -> BankItem:
    """An item that may be found from a workspace, current or not; else 404. 1 query."""
    items = _visible(workspace).annotate(used=Count("uses"))
    return get_object_or_404(
        items.select_related("workspace__organisation", "revision"), uuid=item_uuid
    )


def version_of(item: BankItem) -> ExerciseVersion | None:
    """The published version that an item is. 1 query."""
    return ExerciseVersion.objects.filter(
        exercise__course__key=item.workspace.course_key,
        exercise__key=item.exercise_key,
        digest=item.digest,
    ).first()


def newer_than(item: BankItem) -> BankItem | None:
    """The version that the item's course has now, where it is another. 1 query."""
    same = BankItem.objects.filter(workspace=item.workspace_id, exercise_key=item.exercise_key)
    return same.filter(is_current=True).exclude(pk=item.pk).first()


def copied_into(workspace: Workspace) -> list[Copied]:
    """The exercises of the head that came from the bank, in the order of the course. 1 query
    besides the draft's. Loaded: the head."""
    head = workspace.head
    assert head is not None, "a workspace has a first revision"
    head.workspace = workspace
    course = draft(head).course
    if course is None:
        return []
    found = [
        (folder, exercise.key, exercise.title, exercise.origin)
        for folder, lesson in course.lessons.items()
        for exercise in lesson.exercises.values()
        if exercise.origin
    ]
    current = _current(workspace, [origin for *_rest, origin in found])
    return [
        Copied(folder, key, title, origin, _newer(origin, current))
        for folder, key, title, origin in found
    ]


def shares(organisation: Organisation) -> bool:
    """Whether everybody who writes courses may find its exercises. 1 query."""
    return BankSharing.objects.filter(organisation=organisation).exists()


def may_share(user: User, organisation: Organisation) -> bool:
    """Whether the person decides about that: who administers the whole of it. 1 query."""
    return Membership.objects.filter(
        user=user,
        organisation=organisation,
        role=Membership.Role.ADMINISTRATOR,
        department=None,
    ).exists()


def _visible(workspace: Workspace) -> QuerySet[BankItem]:
    sharing = BankSharing.objects.values("organisation")
    return BankItem.objects.filter(
        Q(workspace__organisation=workspace.organisation_id)
        | Q(workspace__organisation__in=sharing)
    )


def _current(workspace: Workspace, origins: list[str]) -> Mapping[tuple[str, str], BankItem]:
    """Course and exercise → what it is now."""
    named = [match for origin in origins if (match := _ORIGIN.fullmatch(origin))]
    items = _visible(workspace).filter(
        is_current=True,
        workspace__course_key__in={match["course"] for match in named},
        exercise_key__in={match["exercise"] for match in named},
    )
    return {
        (item.workspace.course_key, item.exercise_key): item
        for item in items.select_related("workspace")
    }


def _newer(origin: str, current: Mapping[tuple[str, str], BankItem]) -> BankItem | None:
    match = _ORIGIN.fullmatch(origin)
    item = current.get((match["course"], match["exercise"])) if match else None
    return item if item is not None and item.reference != origin else None
