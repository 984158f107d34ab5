"""From a draft to a release: what it waits for, who may consent, what becomes of learners."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from authoring.actions import create_workspace, write_files
from authoring.actions.exercises import add_exercise
from authoring.actions.publication import (
    override_finding,
    prepare_publication,
    publish,
    remark,
)
from authoring.actions.trials import ask_proof
from authoring.models import BankItem, Remark, Workspace
from authoring.queries import file_of
from authoring.queries.publication import preparation_of
from authoring.types import NotASecondPerson, NotReady, Outdated, Preparation
from courses.actions import enrol, erase_person, move_to_current_release
from courses.models import Course, Enrolment, PolicyReport, Release
from courses.queries import newer_release, policy_report
from grading.models import Progress
from tests.people import make_organisation, make_person
from tests.teach.workshop import Workshop, make_workshop

pytestmark = pytest.mark.django_db

ForLearners = Release.ForLearners
NOTES = {"en": "Said better.", "zh-hans": "说得更清楚。"}
LESSON = "01-blocks/lesson.en.md"
CHOICE = "01-blocks/what-is-a-hash/exercise.toml"


@pytest.fixture
def workshop(db: None) -> Workshop:
    return make_workshop()


def edit(workshop: Workshop, path: str, old: str, new: str, *, by: str = "author") -> None:
    workspace = workshop.workspace
    data = file_of(workshop.head, path)
    assert data is not None
    assert old in data.decode()
    changes = {path: data.decode().replace(old, new, 1).encode()}
    base = workshop.head.number
    write_files(workspace=workspace, by=workshop.people[by], changes=changes, base=base)


def fresh(workshop: Workshop, role: str = "editor") -> Workspace:
    workspace = Workspace.objects.select_related("head", "published").get(pk=workshop.workspace.pk)
    workspace.role = role
    return workspace


def prove(workshop: Workshop) -> None:
    workspace = fresh(workshop)
    ask_proof(workspace=workspace, revision=workshop.head, by=workshop.people["editor"])
    call_command("author", "--once")


def prepare(workshop: Workshop, for_learners: ForLearners = ForLearners.OFFERED) -> None:
    prepare_publication(workspace=fresh(workshop), notes=NOTES, for_learners=for_learners)


def decide(workshop: Workshop, who: str, kind: Remark.Kind, role: str = "") -> Remark:
    return remark(
        workspace=fresh(workshop, role or who),
        by=workshop.people[who],
        number=workshop.head.number,
        kind=kind,
        text="Read.",
    )


def state(workshop: Workshop) -> Preparation:
    return preparation_of(fresh(workshop))


def release(workshop: Workshop) -> Release:
    publication = publish(
        workspace=fresh(workshop), by=workshop.people["editor"], number=workshop.head.number
    )
    assert publication.release is not None
    return publication.release


def learner(workshop: Workshop, name: str, *exercises: str) -> Enrolment:
    """Somebody in the middle, who has begun these exercises."""
    enrolment = enrol(user=make_person(name), course=workshop.course)
    for version in (
        workshop.course.current.lessons.values_list(
            "placements__version",
            "placements__version__exercise",
            "placements__version__exercise__key",
        )
        if workshop.course.current
        else ()
    ):
        if version[2] in exercises:
            Progress.objects.create(
                enrolment=enrolment, version_id=version[0], exercise_id=version[1], tries=1
            )
    return enrolment


def test_what_is_published_already_waits_for_a_change(workshop: Workshop) -> None:
    assert state(workshop).missing == ("new", "proof", "review", "notes")


def test_step_by_step_to_a_release(workshop: Workshop) -> None:
    edit(workshop, LESSON, "# ", "# On ")
    assert state(workshop).missing == ("proof", "review", "notes")
    prove(workshop)
    assert state(workshop).missing == ("review", "notes")
    prepare(workshop)
    assert state(workshop).missing == ("review",)
    with pytest.raises(NotReady, match="review"):
        release(workshop)
    decide(workshop, "reviewer", Remark.Kind.CONSENT)
    published = release(workshop)
    assert (published.number, published.notes, published.for_learners) == (2, NOTES, "offered")
    workspace = fresh(workshop)
    assert workspace.published == workspace.head
    report = policy_report(published)
    assert report is not None
    assert report.overridden == []
    assert BankItem.objects.filter(is_current=True).count() == 8
    with pytest.raises(NotReady, match="new"):
        release(workshop)


def test_a_write_after_the_consent_undoes_proof_and_consent(workshop: Workshop) -> None:
    edit(workshop, LESSON, "# ", "# On ")
    seen = workshop.head.number
    prove(workshop)
    prepare(workshop)
    decide(workshop, "reviewer", Remark.Kind.CONSENT)
    edit(workshop, LESSON, "# On ", "# About ")
    with pytest.raises(Outdated):
        publish(workspace=fresh(workshop), by=workshop.people["editor"], number=seen)
    assert state(workshop).missing == ("proof", "review")


def test_only_a_second_person_consents(workshop: Workshop) -> None:
    edit(workshop, LESSON, "# ", "# On ", by="editor")
    for who, role in (("author", "author"), ("editor", "editor")):
        with pytest.raises(NotASecondPerson):
            decide(workshop, who, Remark.Kind.CONSENT, role)
    decide(workshop, "reviewer", Remark.Kind.CONSENT)
    assert state(workshop).has_consent
    decide(workshop, "reviewer", Remark.Kind.SENT_BACK)
    assert not state(workshop).has_consent
    decide(workshop, "author", Remark.Kind.COMMENT)
    assert [one.kind for one in Remark.objects.order_by("pk")] == ["consent", "back", "comment"]


def test_who_consented_and_writes_then_has_not_consented(workshop: Workshop) -> None:
    edit(workshop, LESSON, "# ", "# On ", by="editor")
    decide(workshop, "reviewer", Remark.Kind.CONSENT)
    edit(workshop, LESSON, "# On ", "# About ", by="reviewer")
    edit(workshop, LESSON, "# About ", "# On ", by="editor")
    assert not state(workshop).has_consent


def test_a_finding_stops_a_release_until_a_reviewer_answers_for_it(
    workshop: Workshop, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    edit(workshop, LESSON, "\n\n", "\n\nLarge exchanges such as Coinbase keep keys.\n\n")
    policy = state(workshop).policy
    (finding,) = policy.found
    assert (finding.file, finding.rule) == (LESSON, "exchange")
    author = workshop.people["author"]
    with pytest.raises(NotASecondPerson):
        override_finding(
            workspace=fresh(workshop, "author"), by=author, finding=finding, reason="Me."
        )
    override_finding(
        workspace=fresh(workshop, "reviewer"),
        by=workshop.people["reviewer"],
        finding=finding,
        reason="It is history.",
    )
    assert state(workshop).policy.is_clean
    prove(workshop)
    prepare(workshop)
    decide(workshop, "reviewer", Remark.Kind.CONSENT)
    release(workshop)
    report = PolicyReport.objects.get(release__number=2)
    assert [(one["rule"], one["reason"], one["by"]) for one in report.overridden] == [
        ("exchange", "It is history.", "Reviewer")
    ]
    with django_capture_on_commit_callbacks(execute=True):
        erase_person(user=workshop.people["reviewer"])
    report.refresh_from_db()
    assert [(one["reason"], one["by"]) for one in report.overridden] == [("It is history.", "")]
    assert not fresh(workshop).members.filter(user=workshop.people["reviewer"]).exists()


def publish_edit(
    workshop: Workshop, for_learners: ForLearners, *edits: tuple[str, str, str]
) -> None:
    for path, old, new in edits:
        edit(workshop, path, old, new)
    prove(workshop)
    prepare(workshop, for_learners)
    decide(workshop, "reviewer", Remark.Kind.CONSENT)
    release(workshop)


def test_learners_are_counted_before_and_moved_when_nothing_is_lost(workshop: Workshop) -> None:
    first = learner(workshop, "first", "what-is-a-hash")
    learner(workshop, "second")
    learner(workshop, "third", "properties")
    edit(workshop, CHOICE, 'title = { en = "', 'title = { en = "So: ')
    impact = state(workshop).impact
    assert (impact.in_the_middle, impact.touched, impact.is_safe) == (3, 1, True)
    assert [(one.key, one.what, one.touched) for one in impact.changes] == [
        ("what-is-a-hash", "words", 1)
    ]
    publish_edit(workshop, ForLearners.MOVED)
    assert set(Enrolment.objects.values_list("release__number", flat=True)) == {2}
    assert first.progress.count() == 1
    workshop.workspace.refresh_from_db()
    assert workshop.workspace.publications.get().moved == 3


def test_nobody_is_moved_to_what_judges_otherwise(workshop: Workshop) -> None:
    enrolment = learner(workshop, "first", "what-is-a-hash")
    edit(workshop, CHOICE, "points = ", "points = 1")
    found = state(workshop)
    assert found.impact.changes[0].what == "judged"
    assert found.impact.obstacles == ("judged", "more")
    prepare(workshop, ForLearners.MOVED)
    assert "learners" in state(workshop).missing
    publish_edit(workshop, ForLearners.OFFERED)
    enrolment.refresh_from_db()
    assert enrolment.release.number == 1
    offered = newer_release(Enrolment.objects.select_related("course").get(pk=enrolment.pk))
    assert offered is not None
    assert offered.notes == NOTES
    assert move_to_current_release(enrolment=enrolment)


def test_who_is_kept_is_offered_nothing(workshop: Workshop) -> None:
    enrolment = learner(workshop, "first")
    publish_edit(workshop, ForLearners.KEPT, (LESSON, "# ", "# On "))
    found = Enrolment.objects.select_related("course").get(pk=enrolment.pk)
    assert found.release.number == 1
    assert newer_release(found) is None


def test_moving_completes_whom_it_makes_complete(workshop: Workshop) -> None:
    enrolment = learner(workshop, "first")
    user: User = enrolment.user
    Enrolment.objects.filter(pk=enrolment.pk).update(credit=18 * 50)
    publish_edit(workshop, ForLearners.MOVED, ("course.toml", "percent = ", "percent = 5 # was "))
    moved = Enrolment.objects.get(user=user)
    assert moved.completed_at is not None
    assert moved.release.number == 2


def test_a_course_that_was_begun_here_is_published_for_the_first_time(db: None) -> None:
    organisation = make_organisation()
    writer = make_person("writer", organisation=organisation, role="instructor")
    workspace = create_workspace(
        by=writer,
        organisation=organisation,
        course_key="begun-here",
        title={"en": "Begun here"},
        languages=["en"],
        needs_review=False,
    )
    add_exercise(
        workspace=workspace,
        by=writer,
        folder="01-first-lesson",
        key="one",
        kind="choice",
        title={"en": "One"},
    )
    workspace.role = "editor"
    assert preparation_of(workspace).missing == ("proof",)
    assert workspace.head is not None
    ask_proof(workspace=workspace, revision=workspace.head, by=writer)
    call_command("author", "--once")
    publication = publish(workspace=workspace, by=writer, number=workspace.head.number)
    assert publication.release is not None
    assert (publication.release.number, publication.moved) == (1, 0)
    course = Course.objects.get(key="begun-here")
    assert enrol(user=make_person("first"), course=course).release == publication.release
    assert [item.exercise_key for item in BankItem.objects.all()] == ["one"]
