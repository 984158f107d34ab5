"""All that the nation and the public are told, taken together: nobody can be made out.

Small nations on three days: the public has been told of the first two, and the national
administrator sees the third, with every filter, and its organisations. Whoever knows all of it
knows sums; a linear program says what these tell of each cell (docs/decisions/0021).
"""

from __future__ import annotations

import datetime
import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from accounts.models import User
from courses.models import Programme, StageTally
from reports.api.answers import table_page
from reports.nation.tables import LEVELS
from reports.queries.count import by_period, in_steps, public_parts
from reports.queries.nation import NOW, cube_of_stages, programme_names, release
from reports.queries.nation_organisations import People, shown_of_place
from reports.queries.nation_organisations import _mixed as mixed_places
from reports.registry import report_for
from reports.snapshots import Told, freeze_public_figures, tell
from reports.suppression import NATION_K, Protected
from tests.courses.rows import make_programme
from tests.people import make_organisation, make_person

PROGRAMMES = ("a", "b")
STAGES = ("3", "6", "7")
ORGANISATIONS: Mapping[str, tuple[str, str]] = {
    "1": ("11", "university"),
    "2": ("11", "university"),
    "3": ("11", "university"),
    "4": ("11", "firm"),
    "5": ("33", "university"),
    "6": ("33", "university"),
    "none-11": ("11", "university"),
    "alone-11": ("11", "alone"),
    "alone-33": ("33", "alone"),
}
"""Organisation → province and kind. "none": not verified yet. "alone": no organisation."""
VERIFIED = [name for name in ORGANISATIONS if name.isdigit()]
Fine = tuple[str, str, str]
"""Organisation, programme, stage."""
CELLS: Sequence[Fine] = tuple(itertools.product(ORGANISATIONS, PROGRAMMES, STAGES))
REACHED: Sequence[Fine] = [cell for cell in CELLS if cell[2] == "7"]
Nation = dict[Fine, int]

few_or_many = st.one_of(st.just(0), st.integers(1, 12), st.integers(1, 12), st.integers(13, 60))


@st.composite
def three_days(draw: st.DrawFn) -> tuple[Nation, Nation, Nation]:
    """A nation on three days, on which people qualify who had not."""
    first = {cell: draw(few_or_many) for cell in CELLS}
    days = [first]
    for _ in range(2):
        come = {cell: draw(st.sampled_from((0, 0, 1, 3, 10, 25))) for cell in REACHED}
        days.append({cell: people + come.get(cell, 0) for cell, people in days[-1].items()})
    return days[0], days[1], days[2]


def cube_cell(cell: Fine) -> tuple[str, str, str, str]:
    return (*ORGANISATIONS[cell[0]], cell[1], cell[2])


def place_of(cell: Fine) -> tuple[str, str]:
    return ORGANISATIONS[cell[0]][0], cell[1]


def places(day: Nation) -> Counter[tuple[str, str]]:
    sums: Counter[tuple[str, str]] = Counter()
    for cell in REACHED:
        sums[place_of(cell)] += day[cell]
    return sums


@dataclass
class Knowledge:
    """What somebody knows who has read everything: sums of cells on one of the days."""

    days: Sequence[Nation]
    rows: list[tuple[int, list[Fine], int]] = field(default_factory=list)

    def learn(self, day: int, cells: list[Fine]) -> None:
        self.rows.append((day, cells, sum(self.days[day][cell] for cell in cells)))

    def learn_from_public(self, day: int, told: Told) -> None:
        """They are told the very sums, also of groups whose figure has been held."""
        named = [place for group in told.groups for place in group.places]
        for group in told.groups:
            self.learn(day, [cell for cell in REACHED if place_of(cell) in group.places])
        if told.rest:
            self.learn(day, [cell for cell in REACHED if place_of(cell) not in named])

    def learn_from_nation(self, cube: Protected) -> None:
        for block in cube.blocks:
            self.learn(2, [cell for cell in CELLS if cube_cell(cell) in block.cells])

    def learn_from_organisations(self, cube: Protected) -> None:
        """Of each what its row shows, and the very sum of it."""
        mixed = mixed_places(cube, set(ORGANISATIONS.values()))
        for place in set(ORGANISATIONS.values()):
            own = {int(name): self._people([name]) for name in VERIFIED if at(name) == place}
            total = self._people([name for name in ORGANISATIONS if at(name) == place])
            for pk, (enrolled, qualified) in shown_of_place(own, total, mixed[place]).items():
                cells = [cell for cell in CELLS if cell[0] == str(pk)]
                if enrolled is not None:
                    assert enrolled == sum(own[pk])
                    self.learn(2, cells)
                if qualified is not None:
                    assert qualified == own[pk].qualified
                    self.learn(2, [cell for cell in cells if cell[2] == "7"])

    def _people(self, names: Sequence[str]) -> People:
        day = self.days[2]
        reached = sum(day[cell] for cell in REACHED if cell[0] in names)
        return People(sum(day[cell] for cell in CELLS if cell[0] in names) - reached, reached)


def at(name: str) -> tuple[str, str]:
    return ORGANISATIONS[name]


class Solver:
    """The least and the most people that may be in a cell, for all that is known."""

    def __init__(self, known: Knowledge) -> None:
        cells = [*((2, cell) for cell in CELLS), *itertools.product((0, 1), REACHED)]
        self.number = {cell: number for number, cell in enumerate(cells)}
        self.sums = np.zeros((len(known.rows), len(cells)))
        for row, (day, of, _people) in enumerate(known.rows):
            for cell in of:
                self.sums[row, self.number[day, cell]] = 1
        self.people = np.array([people for _day, _of, people in known.rows])
        pairs = list(itertools.product((0, 1), REACHED))
        self.later = np.zeros((len(pairs), len(cells)))
        for row, (day, cell) in enumerate(pairs):
            self.later[row, self.number[day, cell]] = 1
            self.later[row, self.number[day + 1, cell]] = -1

    def bound(self, day: int, cell: Fine, sign: int) -> float:
        """The most for a sign of 1, the least for one of -1."""
        aim = np.zeros(len(self.number))
        aim[self.number[day, cell]] = -sign
        found = linprog(
            aim,
            A_ub=self.later,
            b_ub=np.zeros(len(self.later)),
            A_eq=self.sums if len(self.sums) else None,
            b_eq=self.people if len(self.sums) else None,
        )
        if found.status == 3:  # nothing is known that holds it
            return sign * np.inf
        assert found.status == 0, found.message
        return float(-sign * found.fun)


@settings(max_examples=20)
@given(three_days())
def test_nothing_that_is_told_tells_of_a_few_people(days: tuple[Nation, Nation, Nation]) -> None:
    known = Knowledge(days)
    first = tell(places(days[0]), Told())
    second = tell(places(days[1]), first)
    known.learn_from_public(0, first)
    known.learn_from_public(1, second)
    cells: Counter[tuple[str, ...]] = Counter()
    for cell, people in days[2].items():
        cells[cube_cell(cell)] += people
    cube = release(cells, [group.places for group in second.groups])
    known.learn_from_nation(cube)
    known.learn_from_organisations(cube)
    solver = Solver(known)
    for day, cell in solver.number:
        if 0 < days[day][cell] < NATION_K:
            most = solver.bound(day, cell, 1)
            assert most > NATION_K - 0.01, f"{cell} of day {day} holds at most {most}"
            if day == 2:
                least = solver.bound(day, cell, -1)
                assert most - least > NATION_K - 0.01, f"{cell} holds {least} to {most}"


# What is offered are those sums, and nothing else.

PLACES = {"province": ("11", "33"), "kind": ("university", "firm"), "programme": PROGRAMMES}
TABLES = {"provinces": "province", "kinds": "kind", "programmes": "programme"}
TODAY = datetime.date(2026, 11, 24)


def fill(days: Nation, programmes: Mapping[str, Programme], pks: Mapping[str, int]) -> None:
    """The tallies of a nation, as the actions would leave them."""
    StageTally.objects.all().delete()
    tallies: Counter[tuple[int, str, str, str, int]] = Counter()
    for (name, programme, stage), people in days.items():
        province, kind = ORGANISATIONS[name]
        own = pks.get(name, 0)
        for reached in range(1, int(stage) + 1):
            tallies[0, province, "" if kind == "alone" else kind, programme, reached] += people
            if own:
                tallies[own, province, kind, programme, reached] += people
    StageTally.objects.bulk_create(
        StageTally(
            organisation=organisation,
            province=province,
            kind=kind,
            programme=programmes[programme],
            stage=stage,
            period=0,
            slot=0,
            value=people,
        )
        for (organisation, province, kind, programme, stage), people in tallies.items()
    )


def choices() -> Iterator[dict[str, str]]:
    """Every combination of what the filters offer."""
    offered = [("", *values) for values in PLACES.values()]
    for chosen in itertools.product(*offered):
        yield {key: value for key, value in zip(PLACES, chosen, strict=True) if value}


def blocks_in(cube: Protected, chosen: Mapping[str, str], stage: int) -> int:
    """The people of blocks all of whose cells were asked for."""
    keys = tuple(PLACES)
    return sum(
        block.people
        for block in cube.blocks
        if all(
            int(cell[NOW]) >= stage
            and all(cell[keys.index(key)] == value for key, value in chosen.items())
            for cell in block.cells
        )
    )


def rows_of(user: User, report: str, chosen: Mapping[str, str]) -> list[dict[str, Any]]:
    """What an export holds and the API answers."""
    query = QueryDict(mutable=True)
    query.update(chosen)
    rows: list[dict[str, Any]] = table_page(report_for(user, report, query, ""), query)["rows"]
    return rows


@pytest.mark.django_db
@settings(max_examples=2)
@given(three_days())
def test_every_output_is_a_sum_of_blocks(days: tuple[Nation, Nation, Nation]) -> None:
    with transaction.atomic():
        programmes = {key: make_programme(key, []) for key in PROGRAMMES}
        pks = {
            name: make_organisation(f"o{name}", province=at(name)[0], kind=at(name)[1]).pk
            for name in VERIFIED
        }
        for number in (0, 1):
            fill(days[number], programmes, pks)
            freeze_public_figures(TODAY + datetime.timedelta(days=number))
            check_public(days[number], is_first=number == 0)
        fill(days[2], programmes, pks)
        nina = make_person("nina", is_national_administrator=True)
        cube = cube_of_stages(programme_names())
        for chosen in choices():
            check_tables(nina, cube, chosen)
        check_organisations(nina, days[2], pks)
        transaction.set_rollback(True)


def check_public(day: Nation, *, is_first: bool) -> None:
    parts = public_parts()
    assert parts is not None
    shown = [*parts.provinces.values(), *(part.people for part in parts.programmes)]
    assert min(shown, default=NATION_K) >= NATION_K
    total = sum(places(day).values())
    told = tell(places(day), Told())
    if is_first and total >= NATION_K:
        assert sum(parts.provinces.values()) + parts.other_provinces == total
        assert sum(group.people for group in told.groups) + told.rest == total
        assert parts.other_provinces >= NATION_K


def check_tables(nina: User, cube: Protected, chosen: Mapping[str, str]) -> None:
    for table, dimension in TABLES.items():
        for row in rows_of(nina, f"national-{table}", chosen):
            if row["key"]:
                where = {**chosen, dimension: row["key"]}
                for key, stage in (("enrolled", 3), ("active", 4), ("qualified", 7)):
                    assert (row[key] or 0) == blocks_in(cube, where, stage)
    funnel = rows_of(nina, "national-funnel", chosen)
    for stage, row in enumerate(funnel, 1):
        assert (row["people"] or 0) == blocks_in(cube, chosen, stage)
    levels = rows_of(nina, "national-levels", chosen)
    assert len(levels) <= len(LEVELS)
    for row in levels:
        own = [chosen["programme"]] if "programme" in chosen else PROGRAMMES
        assert (row["qualified"] or 0) == sum(
            blocks_in(cube, {**chosen, "programme": programme}, 7) for programme in own
        )


def check_organisations(nina: User, day: Nation, pks: Mapping[str, int]) -> None:
    """The same rows whatever is chosen; a programme cannot be."""
    rows = {row["key"]: row for row in rows_of(nina, "national-organisations", {})}
    assert set(rows) == {f"o{name}" for name in VERIFIED}
    for place in set(map(at, VERIFIED)):
        chosen = {"province": place[0], "kind": place[1]}
        for row in rows_of(nina, "national-organisations", chosen):
            assert row == rows[row["key"]]
    for name in VERIFIED:
        row = rows[f"o{name}"]
        enrolled = sum(people for cell, people in day.items() if cell[0] == name)
        assert row["enrolled"] in {None, enrolled}
        assert row["enrolled"] is None or enrolled >= NATION_K


def test_no_period_holds_a_few_people() -> None:
    now = timezone.now().replace(year=2026, month=11, day=24)
    day = datetime.date(2026, 7, 3)
    history = [
        (day, 4),
        (day + datetime.timedelta(days=40), 12),
        (day + datetime.timedelta(days=70), 40),
        (day + datetime.timedelta(days=140), 43),
    ]
    assert by_period(history, now, 6) == [
        ((202609, 202611), 31),
        ((202607, 202608), 12),
        ((202606, 202606), 0),
    ]
    assert in_steps(history) == history[1:]
    assert by_period(history[:1], now, 6) == []


counts = st.lists(st.integers(0, 12), max_size=40)


@given(counts)
def test_periods_are_all_there_and_none_is_small(come: list[int]) -> None:
    now = timezone.now().replace(year=2026, month=11, day=24)
    start = datetime.date(2024, 1, 9)
    moved = [(start + datetime.timedelta(days=25 * n), people) for n, people in enumerate(come)]
    history = list(
        zip([day for day, _n in moved], itertools.accumulate(n for _day, n in moved), strict=True)
    )
    periods = by_period(history, now, 60)
    assert all(people == 0 or people >= NATION_K for _months, people in periods)
    if sum(come) >= NATION_K:
        assert sum(people for _months, people in periods) == sum(come)
    steps = [0, *(people for _day, people in in_steps(history))]
    assert all(after - before >= NATION_K for before, after in itertools.pairwise(steps[:-1]))
