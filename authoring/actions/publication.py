"""From a revision to a release: notes, remarks, overrides, and the release itself."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from authoring.actions.files import locked_workspace
from authoring.bank import fill_bank
from authoring.laying import draft
from authoring.models import PolicyOverride, Publication, Remark, Workspace
from authoring.queries.publication import may_decide, preparation_of, prepared
from authoring.types import NotASecondPerson, NotReady, Outdated
from courses.actions import move_learners
from courses.models import Course, Release
from courses.policy import Finding
from courses.publishing.files import Texts
from courses.publishing.write import About, write_course

ForLearners = Release.ForLearners


@transaction.atomic
def prepare_publication(
    *, workspace: Workspace, notes: Texts, for_learners: ForLearners
) -> Publication:
    """Keep what is to be said of the next release, and what it is to be to those in the middle."""
    Workspace.objects.select_for_update().get(pk=workspace.pk)  # one is prepared at a time
    publication = prepared(workspace)
    publication.notes, publication.for_learners = notes, for_learners
    publication.save()
    return publication


@transaction.atomic
def remark(*, workspace: Workspace, by: User, number: int, kind: Remark.Kind, text: str) -> Remark:
    """Say something about revision `number`, or decide about it.

    Raises `Outdated` where a decision is about an older revision than the head, and
    `NotASecondPerson` where who decides has written a part of it. `workspace.role` is theirs.
    """
    locked = Workspace.objects.select_for_update().get(pk=workspace.pk)
    revision = locked.revisions.filter(number=number).first()
    if revision is None or (kind in Remark.DECISIONS and revision.pk != locked.head_id):
        raise Outdated
    if kind in Remark.DECISIONS and not may_decide(locked, by, workspace.role):
        raise NotASecondPerson
    return Remark.objects.create(
        workspace=locked,
        revision=revision,
        number=number,
        digest=revision.digest,
        kind=kind,
        text=text,
        by=by,
    )


def override_finding(
    *, workspace: Workspace, by: User, finding: Finding, reason: str
) -> PolicyOverride:
    """Answer for one finding of the separation guard, in writing. Who may: `may_decide`; raises
    `NotASecondPerson`. A newer reason takes the place of an older one."""
    if not may_decide(workspace, by, workspace.role):
        raise NotASecondPerson
    override, _ = PolicyOverride.objects.update_or_create(
        workspace=workspace,
        rule=finding.rule,
        file=finding.file,
        excerpt=finding.excerpt,
        defaults={"reason": reason, "by": by, "created_at": timezone.now()},
    )
    return override


@transaction.atomic
def publish(*, workspace: Workspace, by: User, number: int) -> Publication:
    """Make revision `number`, which must be the head, what new learners study.

    Effects, in order, in one transaction: the release with its notes and the report of the
    separation guard; learners in the middle, where they are to be moved; the workspace's published
    revision; the publication; the items of the bank. Raises `Outdated`, and `NotReady` with what is
    still to be done.
    """
    locked = locked_workspace(workspace)
    head = locked.head
    if head is None or head.number != number:
        raise Outdated
    found = preparation_of(locked)
    if found.missing:
        raise NotReady(found.missing)
    ready, publication = draft(head).ready, found.publication
    assert ready is not None, "a course without faults can be stored"
    for_learners = ForLearners(publication.for_learners)
    about = About(notes=publication.notes, for_learners=for_learners, policy=found.policy)
    act = write_course(ready, about)
    course = Course.objects.select_related("current").get(key=locked.course_key)
    if for_learners is ForLearners.MOVED:
        publication.moved = move_learners(course=course, releases=found.impact.releases)
    locked.published = workspace.published = head
    locked.save(update_fields=["published"])
    publication.revision, publication.published_by = head, by
    publication.release = Release.objects.get(course=course, number=act.number)
    publication.published_at = timezone.now()
    publication.save()
    fill_bank(workspace=locked, revision=head, ready=ready)
    return publication
