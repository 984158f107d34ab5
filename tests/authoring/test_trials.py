"""Trials of drafts: asked for once, done by one worker, and reported with file and line."""

from __future__ import annotations

import datetime
import io

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Organisation, User
from authoring import trial_jobs, trials
from authoring.actions import (
    add_exercise,
    ask_proof,
    ask_trial,
    remove_exercise,
    try_now,
    write_files,
)
from authoring.exercise_edits import EXAMPLES
from authoring.models import Revision, Trial, Workspace
from authoring.queries import file_of, is_about, latest_trial, proof_of
from sandbox.types import Boxes, Unavailable
from tests.authoring.test_files import begin

pytestmark = pytest.mark.django_db

LESSON = "01-first-lesson"
Purpose, State = Trial.Purpose, Trial.State


@pytest.fixture
def workspace(alice: User, organisation: Organisation) -> Workspace:
    made = begin(alice, organisation)
    add(made, alice, "choice")
    return made


def add(workspace: Workspace, by: User, kind: str) -> Revision:
    title = {"en": kind, "zh-hans": kind}
    return add_exercise(
        workspace=workspace, by=by, folder=LESSON, key=f"my-{kind}", kind=kind, title=title
    )


def head(workspace: Workspace) -> Revision:
    return Revision.objects.select_related("workspace").filter(workspace=workspace).latest("number")


def ask(workspace: Workspace, by: User, key: str, purpose: Trial.Purpose = Purpose.TRY) -> Trial:
    return ask_trial(
        workspace=workspace, revision=head(workspace), exercise_key=key, purpose=purpose, by=by
    )


def rewrite(workspace: Workspace, by: User, name: str, old: str, new: str) -> Revision:
    """One more revision, in which one word of one file is another."""
    now = head(workspace)
    path = f"{LESSON}/{name}"
    text = (file_of(now, path) or b"").decode()
    assert old in text
    return write_files(
        workspace=workspace,
        by=by,
        changes={path: text.replace(old, new).encode()},
        base=now.number,
    )


def test_the_same_is_asked_for_once_and_what_is_newer_takes_its_place(
    workspace: Workspace, alice: User, bob: User
) -> None:
    first = ask(workspace, alice, "my-choice")
    assert ask(workspace, bob, "my-choice") == first
    assert ask(workspace, bob, "my-choice", Purpose.MUTANTS) != first
    rewrite(workspace, alice, "my-choice/statement.en.md", "One letter", "A letter")
    second = ask(workspace, alice, "my-choice")
    assert second != first
    assert not Trial.objects.filter(pk=first.pk).exists()
    assert latest_trial(workspace, "my-choice", Purpose.TRY) == second


def test_two_workers_never_hold_the_same_trial(workspace: Workspace, alice: User) -> None:
    ask(workspace, alice, "my-choice")
    held = trial_jobs.claim()
    assert held is not None
    assert (held.state, held.attempts) == (State.WORKING, 1)
    assert trial_jobs.claim() is None


def test_who_lost_the_lease_writes_nothing(workspace: Workspace, alice: User) -> None:
    ask(workspace, alice, "my-choice")
    slow = trial_jobs.claim()
    assert slow is not None
    Trial.objects.update(lease_until=timezone.now() - datetime.timedelta(seconds=1))
    quick = trial_jobs.claim()
    assert quick is not None
    assert quick.attempts == 2
    trial_jobs.perform(quick)
    assert slow.lease_until is not None
    slow.lease_until -= datetime.timedelta(seconds=2)  # so long ago was it written last
    with pytest.raises(trial_jobs.LeaseLost):
        trial_jobs.beat(slow)
    trial_jobs.settle(slow, State.FAILED)
    quick.refresh_from_db()
    assert (quick.state, quick.holds) == (State.DONE, True)


def test_a_draft_that_kills_its_workers_is_given_up(workspace: Workspace, alice: User) -> None:
    asked = ask(workspace, alice, "my-choice")
    long_ago = timezone.now() - datetime.timedelta(minutes=5)
    Trial.objects.update(
        state=State.WORKING, attempts=trial_jobs.MOST_ATTEMPTS, lease_until=long_ago
    )
    assert trial_jobs.claim() is None
    asked.refresh_from_db()
    assert (asked.state, asked.lease_until) == (State.FAILED, None)


def test_a_quiz_is_tried_at_once_over_all_seeds(workspace: Workspace, alice: User) -> None:
    now = head(workspace)
    trial = try_now(workspace=workspace, revision=now, exercise_key="my-choice", by=alice)
    assert (trial.state, trial.holds, trial.report["seeds"]) == (State.DONE, True, [1, 2, 3, 4, 5])
    assert [
        (one["name"], one["is_solution"], [result["score"] for result in one["results"]])
        for one in trial.report["answers"]
    ] == [
        ("solution", True, [1.0] * 5),
        ("option-2", False, [0.0] * 5),
        ("option-3", False, [0.0] * 5),
    ]
    assert is_about(trial, add(workspace, alice, "text"))
    wrong = "my-choice/exercise.toml", "correct = true", "correct = false"
    changed = rewrite(workspace, alice, *wrong)
    assert not is_about(trial, changed)
    again = try_now(
        workspace=workspace, revision=head(workspace), exercise_key="my-choice", by=alice
    )
    assert not again.holds
    assert again.report["faults"] == [
        {
            "file": f"{LESSON}/my-choice/exercise.toml",
            "line": 6,
            "message": "Exactly one option must be correct, not 0.",
        }
    ]


@pytest.mark.xdist_group("boxes")
def test_a_program_is_tried_and_its_survivors_are_shown_with_their_line(
    workspace: Workspace, alice: User
) -> None:
    add(workspace, alice, "program")
    checks = "my-program/checks.py"
    rewrite(workspace, alice, checks, "    equal(solution.is_linked(chain_of(rng, 1)), True)\n", "")
    rewrite(workspace, alice, "my-program/solution.py", "chain[1:])", "chain[1:9])")
    tried = ask(workspace, alice, "my-program")
    mutants = ask(workspace, alice, "my-program", Purpose.MUTANTS)
    said = io.StringIO()
    call_command("author", "--once", stdout=said)
    assert said.getvalue() == "2 trials\n"
    tried.refresh_from_db()
    assert tried.holds
    scores = {one["name"]: one["results"][0]["score"] for one in tried.report["answers"]}
    assert (scores["solution"], scores["starter"]) == (1.0, 0.0)
    assert 0 < scores["only-the-last"] < 1
    mutants.refresh_from_db()
    (language,) = mutants.report["languages"]
    whats = [one["what"] for one in language["survivors"]]
    assert "“9” became “10”" in whats
    planted = language["survivors"][whats.index("“9” became “10”")]
    assert (planted["file"], planted["line"]) == ("solution.py", 2)
    assert ["-", 2, "    for before, block in zip(chain, chain[1:9]):"] in planted["lines"]
    assert ["+", 2, "    for before, block in zip(chain, chain[1:10]):"] in planted["lines"]


@pytest.mark.xdist_group("boxes")
def test_every_example_proves_and_a_wrong_answer_that_passes_is_found(
    workspace: Workspace, alice: User
) -> None:
    for kind in EXAMPLES[1:]:
        add(workspace, alice, kind)
    proof = ask_proof(workspace=workspace, revision=head(workspace), by=alice)
    assert proof_of(head(workspace)) == proof
    assert trial_jobs.work() == 1
    proof.refresh_from_db()
    assert proof.holds
    assert [line.split(":")[0] for line in proof.report["proofs"]] == [
        f"exercise my-{kind}" for kind in EXAMPLES
    ]
    assert len(proof.report["proved"]) == len(EXAMPLES)
    remove_exercise(workspace=workspace, by=alice, folder=LESSON, key="my-contract")
    worse = rewrite(
        workspace,
        alice,
        "my-program/wrong-only-the-last.py",
        "len(chain) < 2 or ",
        "all(b['previous'] == a['digest'] for a, b in zip(chain, chain[1:])) or False and ",
    )
    assert proof_of(worse) is None
    again = ask_proof(workspace=workspace, revision=head(workspace), by=alice)
    assert trial_jobs.work() == 1
    again.refresh_from_db()
    assert [fault["message"] for fault in again.report["faults"]] == [
        f"The wrong answer `only-the-last` scores 1 (seed {seed})." for seed in (1, 2, 3)
    ]
    assert again.report["proved"] == []


def test_without_a_box_it_says_why(
    workspace: Workspace, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed() -> Boxes:
        raise Unavailable("No lane holds.")

    add(workspace, alice, "program")
    monkeypatch.setattr(trials, "open_boxes", closed)
    asked = ask(workspace, alice, "my-program")
    assert trial_jobs.work() == 1
    asked.refresh_from_db()
    assert asked.report["faults"] == [
        {
            "file": f"{LESSON}/my-program/exercise.toml",
            "line": 1,
            "message": "This cannot be proved: no program may run here. No lane holds.",
        }
    ]
