"""Writing tallies: rows moved by what they are to move by. One process at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from analysis.counts import AnswerKey, Counts, ExerciseKey
from analysis.models import AnswerTally, ExerciseTally

ROWS_AT_ONCE = 500
Key = TypeVar("Key")


def move(counts: Counts) -> set[int]:
    """Move the tallies; a tally of nothing goes. Returns the versions whose tallies moved.

    Effects: exercise and answer tallies. The caller is the only writer, in a transaction.
    """
    exercises = {key: cell for key, cell in counts.exercises.items() if any(cell.values())}
    answers = {key: cell for key, cell in counts.answers.items() if any(cell.values())}
    for own in _slices(sorted(exercises)):
        _move_exercises({key: exercises[key] for key in own})
    for said in _slices(sorted(answers)):
        _move_answers({key: answers[key] for key in said})
    return {key.version for key in exercises} | {key.version for key in answers}


def exercise_key(row: ExerciseTally) -> ExerciseKey:
    return ExerciseKey(row.version_id, row.dimension, row.value)


def answer_key(row: AnswerTally) -> AnswerKey:
    return AnswerKey(row.version_id, row.language, row.facet, row.part, row.key, row.mark)


def _move_exercises(moves: Mapping[ExerciseKey, Counter[str]]) -> None:
    present = ExerciseTally.objects.filter(
        version__in={key.version for key in moves}, value__in={key.value for key in moves}
    )
    rows = {exercise_key(row): row for row in present}
    kept, gone = [], []
    for key, cell in moves.items():
        row = rows.get(key) or ExerciseTally(
            version_id=key.version, dimension=key.dimension, value=key.value
        )
        sums = Counter(row.sums)
        sums.update(cell)
        row.sums = {name: sums[name] for name in sorted(sums) if sums[name]}
        if row.sums:
            kept.append(row)
        elif row.pk:
            gone.append(row.pk)
    ExerciseTally.objects.filter(pk__in=gone).delete()
    ExerciseTally.objects.bulk_create(
        [_unsaved(row) for row in kept],
        update_conflicts=True,
        unique_fields=["version", "dimension", "value"],
        update_fields=["sums"],
    )


def _unsaved(row: ExerciseTally) -> ExerciseTally:
    return ExerciseTally(
        version_id=row.version_id, dimension=row.dimension, value=row.value, sums=row.sums
    )


def _move_answers(moves: Mapping[AnswerKey, Counter[str]]) -> None:
    present = AnswerTally.objects.filter(
        version__in={key.version for key in moves}, key__in={key.key for key in moves}
    )
    rows = {answer_key(row): row for row in present}
    kept, gone = [], []
    for key, cell in moves.items():
        row = rows.get(key)
        counted = {
            name: cell[name] + (getattr(row, name) if row else 0) for name in AnswerTally.COUNTS
        }
        if any(counted.values()):
            kept.append(
                AnswerTally(
                    version_id=key.version,
                    **{name: getattr(key, name) for name in AnswerKey._fields[1:]},
                    **counted,
                )
            )
        elif row is not None:
            gone.append(row.pk)
    AnswerTally.objects.filter(pk__in=gone).delete()
    AnswerTally.objects.bulk_create(
        kept,
        update_conflicts=True,
        unique_fields=["version", *AnswerKey._fields[1:]],
        update_fields=list(AnswerTally.COUNTS),
    )


def _slices(keys: Sequence[Key]) -> Iterator[Sequence[Key]]:
    for start in range(0, len(keys), ROWS_AT_ONCE):
        yield keys[start : start + ROWS_AT_ONCE]
