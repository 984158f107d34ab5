"""What a publication waits for, and what was said and released before."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.models import User
from authoring.impact import impact_of
from authoring.laying import draft
from authoring.models import (
    PolicyOverride,
    Publication,
    Remark,
    Revision,
    Workspace,
    WorkspaceMember,
)
from authoring.queries.trials import proof_of
from authoring.trees import files_in
from authoring.types import Impact, Preparation
from courses.models import Course
from courses.policy import Judged, Override, judged
from courses.publishing.ready import ReadyCourse

Role = WorkspaceMember.Role
REVIEWING_ROLES = (Role.REVIEWER, Role.EDITOR)
NO_IMPACT = Impact(0, 0, (), (), ())


def preparation_of(workspace: Workspace) -> Preparation:
    """Everything that the publication of the head waits for. About 12 queries, and 2 for each
    release in use. Loaded: the workspace's head."""
    head = workspace.head
    assert head is not None, "a workspace has a first revision"
    head.workspace = workspace
    made = draft(head)
    publication = prepared(workspace)
    languages = [] if made.course is None else made.course.languages
    is_first = workspace.published_id is None
    return Preparation(
        revision=head,
        faults=made.faults,
        is_new=made.ready is None or not _is_current(workspace, made.ready),
        proof=proof_of(head),
        policy=policy_of(head),
        publication=publication,
        missing_notes=()
        if is_first
        else tuple(one for one in languages if not publication.notes.get(one, "").strip()),
        needs_review=workspace.needs_review,
        decision=decision_on(workspace, head),
        impact=NO_IMPACT if made.ready is None or made.faults else impact_of(made.ready),
    )


def prepared(workspace: Workspace) -> Publication:
    """The publication that is being prepared; one that is not saved yet where nobody has begun.
    1 query."""
    found = workspace.publications.filter(published_at=None).first()
    return found or Publication(workspace=workspace)


def policy_of(revision: Revision) -> Judged:
    """What the separation guard says of a revision, with the overrides of its workspace. 2 queries.

    What the course's own files say of overrides counts for nothing here: any author writes them.
    """
    rows = PolicyOverride.objects.filter(workspace=revision.workspace_id).select_related("by")
    overrides = [
        Override(
            rule=row.rule,
            file=row.file,
            excerpt=row.excerpt,
            reason=row.reason,
            by=row.by.name,
            date=row.created_at.date().isoformat(),
        )
        for row in rows
    ]
    return judged(files_in(revision.tree), overrides)


def writers_since_release(workspace: Workspace) -> set[int]:
    """Who wrote a revision that learners do not study yet: primary keys of people. 1 query."""
    number = 0 if workspace.published_id is None else _published_number(workspace)
    rows = workspace.revisions.filter(number__gt=number).exclude(by=None)
    return set(rows.values_list("by", flat=True).distinct())


def may_decide(workspace: Workspace, user: User, role: str) -> bool:
    """Whether a person may consent to the release, or send it back: a reviewer or an editor who
    has written nothing of it. 2 queries."""
    return role in REVIEWING_ROLES and user.pk not in writers_since_release(workspace)


def decision_on(workspace: Workspace, revision: Revision) -> Remark | None:
    """The latest decision about exactly these files by somebody who may still decide. 3 queries."""
    writers = writers_since_release(workspace)
    reviewers = workspace.members.filter(role__in=REVIEWING_ROLES).values("user")
    decisions = workspace.remarks.filter(
        digest=revision.digest, kind__in=Remark.DECISIONS, by__in=reviewers
    )
    return decisions.exclude(by__in=writers).select_related("by").order_by("-pk").first()


def remarks_on(workspace: Workspace) -> QuerySet[Remark]:
    """The thread, newest first. 1 query when it is read."""
    return workspace.remarks.select_related("by").order_by("-pk")


def releases_of(workspace: Workspace) -> QuerySet[Publication]:
    """What was published from here, newest first. 1 query when it is read."""
    done = workspace.publications.exclude(published_at=None)
    return done.select_related("release", "revision", "published_by").order_by("-published_at")


def _published_number(workspace: Workspace) -> int:
    published = workspace.published
    return 0 if published is None else published.number


def _is_current(workspace: Workspace, ready: ReadyCourse) -> bool:
    current = Course.objects.filter(key=workspace.course_key, current__digest=ready.digest)
    return current.exists()
