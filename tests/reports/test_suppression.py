"""Nobody can be made out, whatever figures are taken together: proved by a bounds solver."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from hypothesis import given
from hypothesis import strategies as st

from reports.suppression import NATION_K, Cell, Figure, Where, protect

PROVINCES = ("11", "31", "33")
KINDS = ("firm", "university")
PROGRAMMES = ("basic", "advanced")
STAGES = ("3", "5", "7")
CUBE: tuple[Cell, ...] = tuple(itertools.product(PROVINCES, KINDS, PROGRAMMES, STAGES))

cubes = st.lists(
    st.one_of(st.just(0), st.integers(1, 12), st.integers(13, 400)),
    min_size=len(CUBE),
    max_size=len(CUBE),
).map(lambda people: dict(zip(CUBE, people, strict=True)))


def choices(values: Sequence[str]) -> Iterator[Sequence[str]]:
    """What a filter offers: everything, or one of the values."""
    yield values
    for value in values:
        yield (value,)


def filters() -> Iterator[Where]:
    """Every combination of the filters; a stage is asked for with all the later ones."""
    stages = [STAGES[start:] for start in range(len(STAGES))]
    for asked in itertools.product(*map(choices, (PROVINCES, KINDS, PROGRAMMES)), stages):
        yield dict(enumerate(asked))


FILTERS = list(filters())


def inside(cell: Cell, where: Where) -> bool:
    return all(cell[dimension] in allowed for dimension, allowed in where.items())


def bounds(cells: dict[Cell, int]) -> dict[Cell, tuple[int, int]]:
    """What somebody can work out of each cell from all figures together.

    Each figure says: exactly so many in these cells, or at least so many. Bounds are narrowed by
    every one of them, and by every difference of two exact ones, until nothing changes.
    """
    shown = protect(cells, NATION_K)
    exact: dict[frozenset[Cell], int] = {}
    at_least: dict[frozenset[Cell], int] = {}
    for where in FILTERS:
        figure = shown.total(where)
        group = frozenset(cell for cell in CUBE if inside(cell, where))
        (exact if figure.is_exact else at_least)[group] = figure.value
    for (one, many), (other, few) in itertools.permutations(list(exact.items()), 2):
        if other < one:
            exact.setdefault(one - other, many - few)
    known = dict.fromkeys(CUBE, (0, 10**6))
    for _ in range(4):
        before = dict(known)
        for group, people in exact.items():
            low, high = sum(known[one][0] for one in group), sum(known[one][1] for one in group)
            for cell in group:
                least, largest = known[cell]
                known[cell] = (
                    max(least, people - (high - largest)),
                    min(largest, people - (low - least)),
                )
        for group, people in at_least.items():
            high = sum(known[one][1] for one in group)
            for cell in group:
                least, largest = known[cell]
                known[cell] = (max(least, people - (high - largest)), largest)
        if known == before:
            break
    return known


@given(cubes)
def test_no_small_cell_can_be_worked_out(cells: dict[Cell, int]) -> None:
    for cell, (low, high) in bounds(cells).items():
        assert low <= cells[cell] <= high
        if 0 < cells[cell] < NATION_K:
            assert high - low > 2, f"{cell} is between {low} and {high}"


@given(cubes)
def test_no_figure_and_no_difference_of_two_is_small(cells: dict[Cell, int]) -> None:
    shown = protect(cells, NATION_K)
    values = {}
    for where in FILTERS:
        figure = shown.total(where)
        assert figure.value == 0 or figure.value >= NATION_K
        values[frozenset(cell for cell in CUBE if inside(cell, where))] = figure.value
    for (one, many), (other, few) in itertools.permutations(list(values.items()), 2):
        if other < one:
            assert many == few or many - few >= NATION_K


@given(cubes, st.sampled_from(range(4)), st.sampled_from(FILTERS))
def test_a_column_adds_up_to_its_total(
    cells: dict[Cell, int], dimension: int, where: Where
) -> None:
    shown = protect(cells, NATION_K)
    column = shown.by(dimension, where)
    assert sum(figure.value for figure in column.figures.values()) + column.small_groups == (
        shown.total(where).value
    )
    for value, figure in column.figures.items():
        assert figure == shown.total({**where, dimension: [value]})


@given(cubes)
def test_figures_are_what_is_counted_or_a_lower_bound(cells: dict[Cell, int]) -> None:
    shown = protect(cells, NATION_K)
    for where in FILTERS:
        counted = sum(people for cell, people in cells.items() if inside(cell, where))
        figure = shown.total(where)
        assert figure.value == counted if figure.is_exact else figure.value <= counted
    if sum(cells.values()) >= NATION_K:
        assert shown.total() == Figure(sum(cells.values()), is_exact=True)


def test_large_cells_are_shown_as_they_are() -> None:
    shown = protect({("11", "firm"): 40, ("11", "university"): 3, ("31", "university"): 9}, 10)
    assert shown.by(0).figures == {
        "11": Figure(40, is_exact=False),
        "31": Figure(0, is_exact=False),
    }
    assert shown.by(0).small_groups == 12
    assert shown.by(1).figures == {
        "firm": Figure(40, is_exact=True),
        "university": Figure(12, is_exact=True),
    }


def test_a_handful_is_not_shown_at_all() -> None:
    assert protect({("11",): 4, ("31",): 5}, 10).total() == Figure(0, is_exact=False)
    assert protect({}, 10).total() == Figure(0, is_exact=True)
