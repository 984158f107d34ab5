"""The national report: who sees it, that its figures are those of a full count, and its cost."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from accounts.models import Cohort, Invitation, Organisation, User
from courses.actions import enrol, invite, join_cohort, record_progress, set_plan
from courses.models import Course, DelayTally, Programme, StageTally, Standing
from courses.types import Place
from reports.populations import POPULATION
from reports.queries.nation import GIVEN_UP, NOW, Stages, median_days, weekly
from reports.suppression import protect
from tests.courses.rows import make_course, make_programme
from tests.people import make_cohort, make_organisation, make_person
from tests.reports.reading import status_of

pytestmark = pytest.mark.django_db

Stage = Standing.Stage
REPORTS = ("kinds", "levels", "months", "organisations", "programmes", "provinces")


@pytest.fixture(autouse=True)
def _no_second_factor(settings: Settings) -> None:
    settings.REQUIRE_ADMIN_MFA = False  # tests/accounts/test_gate.py


@pytest.fixture
def course(db: None) -> Course:
    return make_course("chains")


@pytest.fixture
def programme(course: Course) -> Programme:
    return make_programme("path", [("chains", True)])


@pytest.fixture
def nina(client: Client) -> Client:
    """A national administrator's window."""
    client.force_login(make_person("nina", is_national_administrator=True))
    return client


@pytest.fixture
def pia() -> Client:
    """The window of who administers Zhejiang."""
    window = Client()
    window.force_login(make_person("pia", administers_province="33"))
    return window


def train(cohort: Cohort, course: Course, name: str, *, credit: int) -> User:
    """A person of the cohort who has earned so many hundredths of a point."""
    person = make_person(name, organisation=cohort.organisation)
    join_cohort(user=person, cohort=cohort)
    enrolment = enrol(user=person, course=course, cohort=cohort)
    if credit:
        record_progress(
            enrolment_id=enrolment.pk,
            credit_by=credit,
            passed_by=0,
            lesson_key="",
            now=timezone.now(),
        )
    return person


@pytest.fixture
def nation(course: Course, programme: Programme) -> Organisation:
    """Two organisations of two provinces and kinds. No group is too small to be shown.

    A university in Zhejiang: 12 qualified, 10 enrolled. A firm in Beijing: 11 qualified, 10 active,
    10 places kept.
    """
    university = make_organisation("lakeside")
    firm = make_organisation("ledgers", kind=Organisation.Kind.FIRM, province="11")
    for organisation, qualified, others, credit in ((university, 12, 10, 0), (firm, 11, 10, 10)):
        cohort = make_cohort(organisation)
        set_plan(cohort=cohort, programme=programme)
        for number in range(qualified):
            train(cohort, course, f"{organisation.key}-q{number}", credit=1000)
        for number in range(others):
            train(cohort, course, f"{organisation.key}-o{number}", credit=credit)
    places = [Place(f"kept{number}@example.org", cohort_id=cohort.pk) for number in range(10)]
    invite(organisation=firm, places=places, by=None)
    return university


def test_only_who_administers_the_nation_or_a_province_sees_it(organisation: Organisation) -> None:
    people = {
        make_person("nina", is_national_administrator=True): 200,
        make_person("pia", administers_province="33"): 200,
        make_person("olga", organisation=organisation, role="administrator"): 404,
        make_person("ines", organisation=organisation, role="instructor"): 404,
        make_person("rita", organisation=organisation, role="reviewer"): 404,
        make_person("lena", organisation=organisation): 404,
        make_person("sam", is_staff=True, is_superuser=True): 404,
    }
    paths = ["/reports/", "/reports/organisations/"]
    paths += [f"/reports/export/national-{name}/csv/" for name in REPORTS]
    for person, status in people.items():
        window = Client()
        window.force_login(person)
        assert {path: status_of(window, path) for path in paths} == dict.fromkeys(paths, status)
    assert Client().get("/reports/")["Location"].startswith("/accounts/login/")


def figures(client: Client, query: str = "") -> dict[str, str]:
    """Stage → people, as the funnel of the page says."""
    page = client.get(f"/reports/{query}").context["page"]
    return {step.key: step.people for step in page.funnel}


def rows_of(client: Client, table: str, query: str = "") -> list[list[str]]:
    """The cells of an exported table, without its head."""
    response = client.get(f"/reports/export/national-{table}/csv/{query}")
    content = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return [line.split(",") for line in content.splitlines()[1:]]


def test_every_figure_equals_a_count_of_standings(
    nina: Client, pia: Client, nation: Organisation
) -> None:
    standings = Standing.objects.filter(counts_nationally=True)
    counted = {
        stage.name.lower(): str(standings.filter(stage__gte=stage).count()) for stage in Stage
    }
    assert figures(nina) == counted
    assert list(counted.values()) == ["53", "43", "43", "33", "23", "23", "23"]
    check_filters(nina)
    check_tables(nina)
    check_province(pia)


def check_filters(nina: Client) -> None:
    assert figures(nina, "?kind=university")["enrolled"] == "22"
    assert figures(nina, "?province=11&kind=firm&programme=path")["active"] == "21"
    assert figures(nina, "?province=11&kind=university")["qualified"] == "—"
    assert figures(nina, "?province=99&kind=x&programme=%00") == figures(nina)


def check_tables(nina: Client) -> None:
    zhejiang = [str(12 / 22), str(100_000 * 12 / POPULATION["33"])]
    beijing = [str(11 / 21), str(100_000 * 11 / POPULATION["11"])]
    assert rows_of(nina, "provinces") == [
        ["Zhejiang", "22", "12", "12", *zhejiang],
        ["Beijing", "21", "21", "11", *beijing],
    ]
    assert rows_of(nina, "programmes", "?kind=firm")[0][2:5] == ["21", "21", "11"]
    month = timezone.localdate().strftime("%Y-%m")
    assert rows_of(nina, "months")[0] == [month, "23"]
    assert rows_of(nina, "months", "?province=33")[0] == [month, "23"]
    assert [row[0::3] for row in rows_of(nina, "organisations")] == [
        ["Lakeside University", "22"],
        ["Ledgers University", "21"],
    ]


def check_province(pia: Client) -> None:
    """She is held to Zhejiang, whatever the address says."""
    own = figures(pia)
    assert (own["enrolled"], own["qualified"]) == ("22", "12")
    assert figures(pia, "?province=11") == own
    page = pia.get("/reports/?province=11").context["page"]
    assert [field.key for field in page.filters] == ["kind", "programme"]
    assert [tile.province for tile in page.map.tiles] == ["33"]
    assert [row[0] for row in rows_of(pia, "provinces", "?province=11")] == ["Zhejiang"]
    assert {row[2] for row in rows_of(pia, "organisations", "?province=11")} == {"Zhejiang"}


def test_small_groups_are_told_together(nina: Client, programme: Programme) -> None:
    for province, people in (("11", 50), ("54", 6), ("82", 7)):
        for stage in Stage:
            StageTally.objects.create(
                stage=stage, period=0, programme=programme, province=province, slot=0, value=people
            )
    table = nina.get("/reports/").context["page"].provinces
    assert [[cell.text for cell in row][:4] for row in table.rows] == [
        ["Beijing", "50", "50", "50"],
        ["Small groups", "13", "13", "13"],
    ]
    assert [cell.text for cell in table.foot][:4] == ["Together", "63", "63", "63"]
    tiles = {tile.province: tile for tile in nina.get("/reports/").context["page"].map.tiles}
    assert (tiles["54"].figure, tiles["54"].shade) == ("—", -1)


def test_no_person_is_on_the_pages_and_the_cost_is_that_of_tallies(
    nina: Client, nation: Organisation
) -> None:
    check_context(nina)
    check_cost(nina, nation)


def check_context(nina: Client) -> None:
    for path in ("/reports/", "/reports/organisations/"):
        response = nina.get(path)
        for name in ("page", "table"):
            models = [found for found in inside(response.context.get(name)) if is_row(found)]
            assert models == []
        text = response.content.decode()
        assert "-q0@example.org" not in text
        assert "Lakeside-Q0" not in text


def is_row(value: object) -> bool:
    return isinstance(value, Model)


def inside(value: object, depth: int = 5) -> Iterator[object]:
    """A value and what it is made of."""
    yield value
    if depth and isinstance(value, list | tuple | dict):
        for part in value.values() if isinstance(value, dict) else value:
            yield from inside(part, depth - 1)
    elif depth and hasattr(value, "__slots__") and not isinstance(value, type | str):
        for name in value.__slots__:
            yield from inside(getattr(value, name, None), depth - 1)


def queries_of(client: Client, path: str) -> list[str]:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(path).status_code == 200
    return [query["sql"] for query in caught.captured_queries]


def check_cost(nina: Client, nation: Organisation) -> None:
    before = queries_of(nina, "/reports/")
    assert len(before) <= 15
    cohort = Cohort.objects.filter(organisation=nation).get()
    for number in range(5):
        train(cohort, Course.objects.get(), f"more{number}", credit=1000)
    after = queries_of(nina, "/reports/?province=33")
    assert len(after) <= 15
    people = (User._meta.db_table, Standing._meta.db_table, Invitation._meta.db_table)
    touched = [sql for sql in after if any(f'FROM "{table}"' in sql for table in people)]
    assert len(touched) == 1  # who is signed in
    assert len(queries_of(nina, "/reports/organisations/")) <= 8


def test_half_of_the_people_needed_no_more_days(programme: Programme) -> None:
    for days, people in ((1, 4), (5, 3), (90, 4)):
        DelayTally.objects.create(
            stage=Stage.ACTIVE, programme=programme, days=days, slot=0, value=people
        )
    DelayTally.objects.create(stage=Stage.HALFWAY, programme=programme, days=1, slot=0, value=9)
    assert median_days(None) == {Stage.ACTIVE: 5}


def test_weeks_end_yesterday() -> None:
    today = datetime.date(2026, 11, 24)
    day = datetime.timedelta(days=1)
    history = [(today - 15 * day, 1), (today - 7 * day, 3), (today - day, 7), (today, 9)]
    assert weekly(history, today) == [1, 0, 6]
    assert weekly([], today) == []


def test_an_empty_nation_has_a_page(nina: Client) -> None:
    page = nina.get("/reports/")
    assert page.status_code == 200
    assert page.context["page"].line.qualified == 0
    assert not StageTally.objects.exists()


def test_all_who_live_in_the_country_are_in_a_province() -> None:
    """The census: 1,411,778,724 with 2,000,000 in the services, and three more regions."""
    assert sum(POPULATION.values()) == 1_409_778_724 + 7_474_200 + 683_218 + 23_561_236


def test_every_figure_of_the_page_is_defined(client: Client) -> None:
    page = client.get("/reports/definitions/").content.decode()
    assert 'id="retention"' in page
    assert 'id="small-groups"' in page


WORDS = (["11", "31", "33"], ["firm", "alone"], ["a", "b"], ["1", "2", "3", "7"])
cubes = st.dictionaries(
    st.tuples(*(st.sampled_from(words) for words in WORDS)), st.integers(0, 30), max_size=48
)
scopes = st.fixed_dictionaries({}, optional={n: st.sampled_from(WORDS[n]) for n in range(3)})


@given(cubes, scopes)
def test_one_look_at_the_blocks_says_what_the_cube_says(
    cells: dict[tuple[str, ...], int], scope: dict[int, str]
) -> None:
    cube = protect(cells, 10, order=GIVEN_UP)
    where = {dimension: {value} for dimension, value in scope.items()}
    counted = Stages(cube, where)
    for stage in Stage:
        further = {**where, NOW: {str(later) for later in range(stage, 8)}}
        assert counted.figure(stage) == cube.total(further)
        for dimension in range(3):
            assert counted.by(dimension, stage) == cube.by(dimension, further)
