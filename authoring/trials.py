"""What trying a draft finds out. The reports are JSON, for the rows of `authoring.models.Trial`.

Every report has `faults`: `[{"file", "line", "message"}]`, paths below the course; that of one
exercise also `files`, the digest of its files. Besides:

* try: `seeds`, and `answers`: `[{"name", "answer", "is_solution", "holds", "results"}]`, one result
  for each seed: `{"seed", "holds", "score", "outcome", "error", "first"}`; `first` is what the
  first failing check said: `{"title", "message"}` as texts, `{"got", "expected"}` as words;
* mutants: `languages`: `[{"language", "killed", "equivalent", "not_compiled", "survivors"}]`, and
  each survivor as `{"file", "line", "what", "lines"}`, `lines` as `authoring.differences` gives;
* proof: `proofs`, a line for each exercise; `proved`, the digests of all that are proved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from authoring.differences import changed_lines
from authoring.laying import draft
from authoring.models import Revision, Trial
from authoring.trees import digest_of_tree
from authoring.types import Draft
from courses.models import ExerciseVersion
from courses.publishing.boxes import open_boxes
from courses.publishing.faults import Fault, Faults, Refused
from courses.publishing.mutants import MutationReport, reports_of
from courses.publishing.pipeline import tools_for
from courses.publishing.prove import Tried, first_failed, prove
from courses.publishing.ready import ReadyExercise
from exercises.registry import KINDS
from exercises.types import Answer, Json, Verdict

Report = dict[str, Any]
Beat = Callable[[], None]
"""Called after every answer that was graded: the worker is alive."""
LONGEST_ANSWER = 80
"""Characters of an answer that are shown of it."""


def report_on(trial: Trial, revision: Revision, beat: Beat) -> Report:
    """Do what the trial asks for, with the files of this revision. Takes as long as it takes."""
    made = draft(revision)
    if trial.purpose == Trial.Purpose.PROOF:
        return proof_report(made, beat)
    exercise = exercise_of(made, trial.exercise_key)
    faults = faults_of(made, trial.exercise_key)
    report: Report = {"faults": [said(fault) for fault in faults]}
    if exercise is not None and not faults:
        try:
            if trial.purpose == Trial.Purpose.MUTANTS:
                report = mutants_report(exercise, beat)
            else:
                report = try_report(made, exercise, beat)
        except Refused as refused:
            report = {"faults": [said(one) for one in below(made, refused.faults)]}
    return {**report, "files": digest_of_exercise(revision, trial.exercise_key)}


def digest_of_exercise(revision: Revision, key: str) -> str:
    """Of the files of one exercise, whatever lesson it is in."""
    own = {
        path.partition("/")[2]: digest
        for path, digest in revision.tree.items()
        if path.split("/")[1:2] == [key]
    }
    return digest_of_tree(own)


def try_report(made: Draft, exercise: ReadyExercise, beat: Beat) -> Report:
    """Prove one exercise, and keep what became of each answer. Raises `Refused` where it needs a
    box and none may be opened."""
    heard: list[Tried] = []

    def tell(tried: Tried) -> None:
        heard.append(tried)
        beat()

    faults = Faults()
    with tools_for(needing([exercise]), open_boxes) as tools:
        prove(exercise, tools, faults, tell)
    return {
        "faults": [said(one) for one in below(made, faults.ordered())],
        "seeds": sorted({one.seed for one in heard}),
        "answers": _answers(heard, shown=not KINDS[exercise.files.kind].slow),
    }


def mutants_report(exercise: ReadyExercise, beat: Beat) -> Report:
    """Small mistakes in the solution of a program or contract. Raises `Refused` as above."""
    with tools_for([exercise], open_boxes) as tools:
        languages = [_language(exercise, one) for one in reports_of(exercise, tools, beat)]
    return {"faults": [], "languages": languages}


def proof_report(made: Draft, beat: Beat) -> Report:
    """Prove all that is not proved yet: a version that is published already was proved then."""
    if made.ready is None or made.faults:
        return {"faults": [said(fault) for fault in made.faults], "proofs": [], "proved": []}
    exercises = list(made.ready.exercises())
    digests = {one.digest for one in exercises}
    stored = set(
        ExerciseVersion.objects.filter(
            exercise__course__key=made.ready.files.key, digest__in=digests
        ).values_list("digest", flat=True)
    )
    unproved = [one for one in exercises if one.digest not in stored]
    faults = Faults()
    proofs: list[str] = []
    try:
        with tools_for(needing(unproved), open_boxes) as tools:
            proofs += [str(prove(one, tools, faults, lambda _: beat())) for one in unproved]
        found = faults.ordered()
    except Refused as refused:
        found = refused.faults
    return {
        "faults": [said(one) for one in below(made, found)],
        "proofs": proofs,
        "proved": sorted([] if found else digests),
    }


def exercise_of(made: Draft, key: str) -> ReadyExercise | None:
    """The exercise of this key, where it could be read and is placed in its lesson."""
    if made.ready is None:
        return None
    return next((one for one in made.ready.exercises() if one.files.key == key), None)


def faults_of(made: Draft, key: str) -> list[Fault]:
    """The faults in the folder of one exercise; of a course that cannot be read, all of them."""
    found = [one for one in made.faults if key in one.file.split("/")[1:2]]
    return found or (list(made.faults) if exercise_of(made, key) is None else [])


def needing(exercises: Iterable[ReadyExercise]) -> list[ReadyExercise]:
    """Those that need a box."""
    return [one for one in exercises if KINDS[one.files.kind].slow]


def below(made: Draft, faults: Iterable[Fault]) -> list[Fault]:
    """The same faults with their files as paths below the course."""
    assert made.course is not None
    prefix = f"{made.course.folder}/"
    return [Fault(one.file.removeprefix(prefix), one.line, one.message) for one in faults]


def said(fault: Fault) -> Report:
    return {"file": fault.file, "line": fault.line, "message": fault.message}


def _answers(heard: Iterable[Tried], *, shown: bool) -> list[Report]:
    """One entry for each answer, with its result for each seed. `shown`: with what it says."""
    answers: dict[str, Report] = {}
    for one in heard:
        entry = answers.setdefault(
            one.name,
            {
                "name": one.name,
                "answer": _short(one.answer) if shown else "",
                "is_solution": one.is_solution,
                "holds": True,
                "results": [],
            },
        )
        entry["holds"] = entry["holds"] and one.holds
        entry["results"].append(_result(one))
    return list(answers.values())


def _short(answer: Answer) -> str:
    """What was typed; of what was chosen, the answer's name says enough."""
    words = ", ".join(_typed(answer))
    return words if len(words) <= LONGEST_ANSWER else f"{words[:LONGEST_ANSWER]}…"


def _typed(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield from [value] if value else []
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _typed(one)


def _result(tried: Tried) -> Report:
    verdict = tried.verdict
    return {
        "seed": tried.seed,
        "holds": tried.holds,
        "score": None if verdict is None else round(verdict.score, 4),
        "outcome": "" if verdict is None else verdict.outcome.value,
        "error": tried.error,
        "first": {} if verdict is None else _first(verdict),
    }


def _first(verdict: Verdict) -> Report:
    """What the first failing check said; of a kind without checks, its feedback."""
    check = first_failed(verdict)
    if check is None:
        message = verdict.feedback[0].text if verdict.feedback and verdict.score < 1 else {}
        return {"message": dict(message)} if message else {}
    return {
        "title": dict(check.title),
        "message": dict(check.message),
        "got": check.got[:200],
        "expected": check.expected[:200],
    }


def _language(exercise: ReadyExercise, report: MutationReport) -> Report:
    score = report.score
    return {
        "language": report.language,
        "killed": score.killed,
        "equivalent": score.equivalent,
        "not_compiled": score.not_compiled,
        "survivors": [
            {
                "file": mutant.file,
                "line": mutant.line,
                "what": mutant.what,
                "lines": changed_lines(mutant.original, mutant.text),
            }
            for mutant in score.survived
        ],
    }
