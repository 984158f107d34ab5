"""The reporting API: every answer as its description says, and only to who may have it."""

from __future__ import annotations

import datetime
import time
import uuid
from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from jsonschema import Draft202012Validator
from jsonschema.validators import validator_for
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import Cohort, Membership, Organisation, User
from courses.actions import enrol, join_cohort, set_plan
from courses.models import Course, Programme, StageTally
from reports.api import views
from reports.api.endpoints import ENDPOINTS, ROOT
from reports.models import ReportToken
from reports.tokens import Scope, make_token, scopes_of
from tests.people import make_cohort, make_organisation, make_person

pytestmark = pytest.mark.django_db

PATHS = {
    "organisations/{organisation}/stages": "organisations/lakeside/stages",
    "cohorts/{cohort}/stages": "cohorts/{uuid}/stages",
}


@pytest.fixture(autouse=True)
def _no_calls_yet(settings: Settings) -> None:
    settings.REQUIRE_ADMIN_MFA = False  # what it asks for is tests/accounts/test_gate.py
    cache.clear()


@pytest.fixture
def dora(organisation: Organisation) -> User:
    """She administers the whole organisation."""
    return make_person("dora", organisation=organisation, role="administrator")


@pytest.fixture
def nina(db: None) -> User:
    """A national administrator."""
    return make_person("nina", is_national_administrator=True)


def token_of(user: User, number: int = 0, days: int = 1) -> str:
    _token, text = make_token(user=user, name="A test", scope=scopes_of(user)[number], days=days)
    return text


def get(path: str, text: str = "", **headers: str) -> HttpResponse:
    """The answer to a program, held against the description of the address."""
    if text:
        headers["Authorization"] = f"Bearer {text}"
    response = Client(headers=headers).get(ROOT + path)
    validate(path, response)
    return response  # type: ignore[return-value]


def description() -> dict[str, Any]:
    document: dict[str, Any] = Client().get(f"{ROOT}openapi.json").json()
    return document


def validate(path: str, response: Any) -> None:
    """That the status and the body are among those that the description promises."""
    document = description()
    address = path.partition("?")[0]
    for of in ("organisations", "cohorts"):
        if address.startswith(f"{of}/"):
            address = f"{of}/{{{of[:-1]}}}/{address.rpartition('/')[2]}"
    operation = document["paths"][ROOT + address]["get"]
    content = operation["responses"][str(response.status_code)]["content"]
    schema = content[response["Content-Type"]]["schema"]
    Draft202012Validator(
        {**schema, "components": document["components"]},
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    ).validate(response.json())
    if response.status_code == 200:
        assert datetime.datetime.fromisoformat(response.json()["as_of"]).tzinfo is not None


def detail(response: HttpResponse) -> tuple[int, str]:
    return response.status_code, response.json()["detail"]  # type: ignore[attr-defined]


def test_the_description_names_every_address_and_all_of_it_resolves() -> None:
    document = description()
    assert document["openapi"] == "3.1.0"
    assert set(document["paths"]) == {f"{ROOT}headline"} | {ROOT + each.path for each in ENDPOINTS}
    assert set(PATHS) >= {each.path for each in ENDPOINTS if "{" in each.path}
    references = [
        found.partition('"')[0]
        for found in Client().get(f"{ROOT}openapi.json").content.decode().split('"$ref": "')[1:]
    ]
    names = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert set(references) <= names
    for schema in document["components"]["schemas"].values():
        validator_for({}, default=Draft202012Validator).check_schema(schema)


def test_the_headline_comes_with_any_token(dora: User, nina: User) -> None:
    for person in (dora, nina):
        response = get("headline", token_of(person))
        assert (response.status_code, response.json()["goal"]) == (200, 500_000)  # type: ignore[attr-defined]


def test_without_a_token_there_is_nothing(alice: User) -> None:
    assert detail(get("headline"))[0] == 401
    assert get("headline")["WWW-Authenticate"] == "Bearer"
    assert detail(get("headline", "cwr_guessed"))[0] == 401
    assert Client(headers={"Authorization": "Basic eDp5"}).get(f"{ROOT}headline").status_code == 401
    session = Client()
    session.force_login(alice)
    assert session.get(f"{ROOT}headline").status_code == 401
    assert session.post(f"{ROOT}headline").status_code == 405
    problem = session.get(f"{ROOT}nothing/here")
    assert (problem.status_code, problem["Content-Type"]) == (404, "application/problem+json")


def test_a_token_ends_is_revoked_and_falls_with_its_maker(dora: User) -> None:
    text = token_of(dora)
    assert get("headline", text).status_code == 200
    token = ReportToken.objects.get()
    assert text not in str(vars(token))
    assert token.last_used_at is not None

    ReportToken.objects.update(expires_at=timezone.now() - datetime.timedelta(seconds=1))
    assert get("headline", text).status_code == 401
    ReportToken.objects.update(expires_at=timezone.now() + datetime.timedelta(days=1))
    assert get("headline", text).status_code == 200

    Membership.objects.filter(user=dora).update(role="learner")
    assert get("headline", text).status_code == 401
    Membership.objects.filter(user=dora).update(role="administrator")
    User.objects.filter(pk=dora.pk).update(is_active=False)
    assert get("headline", text).status_code == 401
    User.objects.filter(pk=dora.pk).update(is_active=True)

    client = Client()
    client.force_login(make_person("eve", is_national_administrator=True))
    revoke = f"/reports/tokens/{token.uuid}/revoke/"
    assert client.post(revoke).status_code == 404
    assert get("headline", text).status_code == 200
    client.force_login(dora)
    assert client.post(revoke).status_code == 302
    assert get("headline", text).status_code == 401


@pytest.fixture
def taught(cohort: Cohort, small_course: Course, alice: User, bob: User) -> Cohort:
    """A cohort with a plan: Alice and Bob are in it, and Alice is enrolled."""
    set_plan(cohort=cohort, programme=Programme.objects.get(key="small-programme"))
    for person in (alice, bob):
        join_cohort(user=person, cohort=cohort)
    enrol(user=alice, course=small_course, cohort=cohort)
    return cohort


def people(response: Any) -> dict[int, int]:
    assert response.status_code == 200
    return {row["stage_number"]: row["people"] for row in response.json()["rows"] if row["people"]}


def test_an_organisation_and_its_cohorts_are_open_to_its_own_token_alone(
    taught: Cohort, dora: User, nina: User
) -> None:
    hillside = make_organisation("hillside")
    stranger = token_of(make_person("hugo", organisation=hillside, role="administrator"))
    # Dora administers Hillside too: a token opens what it was made for, not all that she sees.
    Membership.objects.create(user=dora, organisation=hillside, role="administrator")
    elsewhere = make_cohort(hillside)
    scopes = {scope.key: number for number, scope in enumerate(scopes_of(dora))}
    text = token_of(dora, scopes["organisation:lakeside"])

    assert people(get("organisations/lakeside/stages", text)) == {1: 2, 2: 2, 3: 1}
    assert people(get(f"cohorts/{taught.uuid}/stages", text)) == {1: 2, 2: 2, 3: 1}
    for other in ("organisations/hillside/stages", f"cohorts/{elsewhere.uuid}/stages"):
        assert get(other, text).status_code == 404
    for own in ("organisations/lakeside/stages", f"cohorts/{taught.uuid}/stages"):
        assert get(own, stranger).status_code == 404
        assert get(own, token_of(nina)).status_code == 403
    assert get(f"cohorts/{uuid.uuid4()}/stages", text).status_code == 404


def counted(programme: Programme, province: str, value: int) -> None:
    """So many people who are active in a province."""
    for stage in (1, 2, 3, 4):
        StageTally.objects.create(
            stage=stage,
            period=0,
            programme=programme,
            province=province,
            kind="university",
            slot=0,
            value=value,
        )


NATIONAL = [each.path for each in ENDPOINTS if each.subject == "nation"]


@pytest.mark.parametrize("path", NATIONAL)
def test_the_nation_is_open_to_its_own_token_alone(
    small_course: Course, dora: User, nina: User, path: str
) -> None:
    counted(Programme.objects.get(key="small-programme"), "33", 12)
    assert get(path, token_of(nina)).status_code == 200
    assert get(path, token_of(dora)).status_code == 403
    assert get(f"{path}?province=xx", token_of(nina)).status_code == 400
    paul = token_of(make_person("paul", administers_province="33"))
    assert get(path, paul).status_code == 200
    if path != "months":
        assert get(f"{path}?province=33", paul).status_code == 400


def test_what_is_too_few_on_the_page_is_too_few_here(small_course: Course, nina: User) -> None:
    programme = Programme.objects.get(key="small-programme")
    counted(programme, "33", 12)
    counted(programme, "11", 3)
    rows = get("provinces", token_of(nina)).json()["rows"]  # type: ignore[attr-defined]
    said = {row["key"]: (row["enrolled"], "enrolled" in row["suppressed"]) for row in rows}
    assert 3 not in [people for people, _is_hidden in said.values()]
    assert sum(people or 0 for people, _is_hidden in said.values()) == 15


def test_a_program_is_told_what_it_asks_wrongly(dora: User) -> None:
    text = token_of(dora)
    path = "organisations/lakeside/stages"
    assert get(f"{path}?sort=-people&page=1", text).status_code == 200
    for asked in ("sort=nothing", "page=0", "page=x", "page=" + "9" * 40, "colour=red"):
        status, words = detail(get(f"{path}?{asked}", text))
        assert (status, words.count("'") >= 2) == (400, True)


def test_titles_come_in_the_language_that_is_asked_for(taught: Cohort, dora: User) -> None:
    answer = get("organisations/lakeside/stages", token_of(dora), **{"Accept-Language": "zh-hans"})
    assert answer.json()["language"] == "zh-hans"  # type: ignore[attr-defined]


def test_calls_are_limited(dora: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "CALLS_A_MINUTE", 2)
    monkeypatch.setattr(time, "time", lambda: 6000.0)
    text, other = token_of(dora), token_of(dora)
    assert [get("headline", text).status_code for _call in range(3)] == [200, 200, 429]
    assert get("headline", text)["Retry-After"] == "60"
    assert get("headline", other).status_code == 200


@pytest.mark.parametrize("number", [1, 3])
def test_a_call_costs_the_same_however_much_there_is(
    organisation: Organisation,
    dora: User,
    number: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for place in range(number):
        make_cohort(organisation, name=f"Cohort {place}")
    text = token_of(dora)
    client = Client(headers={"Authorization": f"Bearer {text}"})
    client.get(f"{ROOT}headline")
    with django_assert_num_queries(4):
        assert client.get(f"{ROOT}organisations/lakeside/stages").status_code == 200


def test_who_may_make_tokens_for_what(dora: User, nina: User, alice: User) -> None:
    province = make_person("paul", administers_province="33")
    assert [scope.key for scope in scopes_of(nina)] == ["nation"]
    assert [scope.key for scope in scopes_of(province)] == ["province:33"]
    assert [scope.key for scope in scopes_of(dora)] == ["organisation:lakeside"]
    assert scopes_of(alice) == []


def test_the_text_of_a_token_is_shown_once(dora: User, alice: User) -> None:
    client = Client()
    client.force_login(dora)
    posted = {"name": "Dashboard", "scope": "organisation:lakeside", "days": "30"}
    page = client.post("/reports/tokens/", posted)
    text = page.context["text"]
    assert text in page.content.decode()
    assert get("headline", text).status_code == 200
    again = client.get("/reports/tokens/").content.decode()
    assert "Dashboard" in again
    assert text not in again
    assert client.post("/reports/tokens/", {**posted, "scope": "nation"}).context["text"] == ""
    client.force_login(alice)
    assert client.post("/reports/tokens/", posted).status_code == 404
    assert ReportToken.objects.count() == 1


def test_a_scope_that_was_lost_opens_nothing() -> None:
    person = make_person("paul", administers_province="33")
    text = token_of(person)
    assert get("headline", text).status_code == 200
    User.objects.filter(pk=person.pk).update(administers_province="11")
    assert get("headline", text).status_code == 401
    assert Scope("", province="33").key == "province:33"
