"""Who gets what at every address. A route that is not listed here fails, as does one that is gone.

The cast: nobody signed in; Alice, who is enrolled and owns the submission; Bob, of her
organisation and enrolled too; Charlie, a stranger to both and to the course; a national
administrator, who sees no row of a person; a member of staff.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django import Settings

from accounts.models import Cohort, Organisation, User
from courses.actions import enrol
from courses.models import Course
from tests.people import make_person
from tests.submissions import submit_one_program

pytestmark = pytest.mark.django_db

CAST = ("anonymous", "alice", "bob", "charlie", "national", "staff")


@dataclass(frozen=True, slots=True)
class Row:
    """What a GET of `path` answers to each of the cast, in the order of `CAST`.

    302 of an anonymous visitor leads to signing in; 405 says that the address takes only POST.
    """

    path: str
    statuses: tuple[int, int, int, int, int, int]


EVERYBODY = (200,) * 6
SIGNED_IN = (302, 200, 200, 200, 200, 200)
ENROLLED = (302, 200, 200, 404, 404, 404)
OWNER = (302, 200, 404, 404, 404, 404)
STAFF = (404, 404, 404, 404, 404, 200)
NOBODY = (302, 404, 404, 404, 404, 404)
"""Of the cast: an administrator or an instructor may."""
NATION = (302, 404, 404, 404, 200, 404)
POST_ONLY = (405,) * 6
API = (401,) * 6
API_OF_THE_NATION = (
    "funnel",
    "kinds",
    "levels",
    "months",
    "organisations",
    "programmes",
    "provinces",
)

LESSON = "/learn/{course}/{lesson}/"
PROGRAM = "/learn/{course}/{lesson}/{program}/"
EXPORT = "/reports/exports/00000000-0000-4000-8000-000000000000/"

MATRIX: dict[str, Row] = {
    "healthz": Row("/healthz", EVERYBODY),
    "learn:landing": Row("/", EVERYBODY),
    "learn:programmes": Row("/programmes/", EVERYBODY),
    "learn:programme": Row("/programmes/{programme}/", EVERYBODY),
    "learn:catalogue": Row("/courses/", EVERYBODY),
    "learn:course": Row("/courses/{course}/", EVERYBODY),
    # Of a release that is offered: tests/teach/test_publication_pages.py.
    "learn:newer": Row("/courses/{course}/newer/", NOBODY),
    # Of a release that was checked: there too.
    "learn:policy": Row("/courses/{course}/policy/", (404,) * 6),
    "learn:enrol": Row("/courses/{course}/enrol/", POST_ONLY),
    "learn:my_learning": Row("/learn/", SIGNED_IN),
    "learn:course_home": Row("/learn/{course}/", (302, 302, 302, 404, 404, 404)),
    "learn:lesson": Row(LESSON, ENROLLED),
    "learn:seen": Row(LESSON + "seen/", POST_ONLY),
    "learn:exercise": Row(PROGRAM, ENROLLED),
    "learn:history": Row(PROGRAM + "submissions/", ENROLLED),
    # Of a program there is no playground; tests/learn/test_contract_pages.py has a contract.
    "learn:play": Row(PROGRAM + "play/", (302, 404, 404, 404, 404, 404)),
    "learn:play_state": Row(PROGRAM + "play/{submission}/", (302, 404, 404, 404, 404, 404)),
    "learn:run": Row(PROGRAM + "run/", POST_ONLY),
    "learn:hint": Row(PROGRAM + "hint/", POST_ONLY),
    "learn:variant": Row(PROGRAM + "variant/", POST_ONLY),
    "learn:draft": Row(PROGRAM + "draft/", POST_ONLY),
    # Who writes the course: tests/learn/test_preview.py.
    "learn:preview_course": Row("/learn/preview/{course}/", NOBODY),
    "learn:preview_lesson": Row("/learn/preview/{course}/{lesson}/", NOBODY),
    "learn:preview_seen": Row("/learn/preview/{course}/{lesson}/seen/", POST_ONLY),
    "learn:preview_exercise": Row("/learn/preview/{course}/{lesson}/{program}/", NOBODY),
    "learn:preview_act": Row("/learn/preview/{course}/{lesson}/{program}/run/", POST_ONLY),
    # Who writes the course: tests/teach/test_statistics_pages.py.
    "learn:watched": Row("/teach/{course}/submissions/{submission}/", NOBODY),
    "learn:submission": Row("/submissions/{submission}/", OWNER),
    "learn:submission_state": Row("/submissions/{submission}/state/", OWNER),
    # Of a program that waits nothing can be asked yet: tests/teach/test_repair_pages.py.
    "learn:request": Row("/submissions/{submission}/request/", NOBODY),
    "learn:request_back": Row("/submissions/{submission}/request/back/", POST_ONLY),
    "learn:notice_seen": Row("/notices/" + EXPORT[-37:] + "seen/", POST_ONLY),
    "learn:profile": Row("/profile/", SIGNED_IN),
    "learn:own_data": Row("/profile/data/", SIGNED_IN),
    "learn:erase": Row("/profile/erase/", SIGNED_IN),
    "learn:join": Row("/join/", SIGNED_IN),
    "learn:join_cohort": Row("/join/{code}/", SIGNED_IN),
    "learn:terms": Row("/terms/", EVERYBODY),
    "learn:privacy": Row("/privacy/", EVERYBODY),
    "learn:theme": Row("/theme/", POST_ONLY),
    "learn:styleguide": Row("/styleguide/", STAFF),
    "reports:count": Row("/progress/", EVERYBODY),
    "reports:definitions": Row("/reports/definitions/", EVERYBODY),
    "reports:nation": Row("/reports/", NATION),
    "reports:organisations": Row("/reports/organisations/", NATION),
    # Who may have it is decided by each report; tests/reports has them.
    "reports:export": Row("/reports/export/no-such-report/csv/", (404,) * 6),
    "reports:exports": Row("/reports/exports/", SIGNED_IN),
    # Of an export that is somebody's own: tests/reports/test_exports.py.
    "reports:export_page": Row(EXPORT, (302, 404, 404, 404, 404, 404)),
    "reports:export_state": Row(EXPORT + "state/", (302, 404, 404, 404, 404, 404)),
    "reports:export_file": Row(EXPORT + "file/", (302, 404, 404, 404, 404, 404)),
    # Who may see them: tests/reports/test_cohort_pages.py.
    "reports:organisation": Row("/reports/organisations/{organisation}/", NOBODY),
    "reports:organisation_people": Row("/reports/organisations/{organisation}/people/", NOBODY),
    "reports:cohort": Row("/reports/cohorts/{cohort}/", NOBODY),
    "reports:cohort_gradebook": Row("/reports/cohorts/{cohort}/gradebook/", NOBODY),
    "reports:cohort_learner": Row("/reports/cohorts/{cohort}/learners/{alice}/", NOBODY),
    # Who has some: tests/reports/test_subscriptions.py.
    "reports:subscriptions": Row("/reports/subscriptions/", (302, 404, 404, 404, 200, 404)),
    "reports:end_subscription": Row("/reports/subscriptions/" + EXPORT[-37:] + "end/", POST_ONLY),
    "reports:stop_subscription": Row("/reports/subscriptions/stop/forged/", (404,) * 6),
    "reports:tokens": Row("/reports/tokens/", (302, 404, 404, 404, 200, 404)),
    "reports:revoke_token": Row("/reports/tokens/" + EXPORT[-37:] + "revoke/", POST_ONLY),
    "reports:api_description": Row("/api/reports/v1/openapi.json", EVERYBODY),
    # A session opens nothing of the API: tests/reports/test_api.py.
    "reports:api_headline": Row("/api/reports/v1/headline", API),
    **{
        f"reports:api_national_{name}": Row(f"/api/reports/v1/{name}", API)
        for name in API_OF_THE_NATION
    },
    "reports:api_organisation_stages": Row("/api/reports/v1/organisations/x/stages", API),
    "reports:api_cohort_stages": Row("/api/reports/v1/cohorts/" + EXPORT[-37:] + "stages", API),
    "reports:api_nothing": Row("/api/reports/v1/nothing", (404,) * 6),
}
"""Our own routes, by name."""

ELSEWHERE = {
    "organisations": "tests/organisations/test_access_table.py",
    "teach": "tests/teach/test_access_table.py",
    "invite": "tests/organisations/test_invitations.py",
    "admin": "Django's admin: staff only, tests/config/test_admin.py",
    "account": "allauth, tests/accounts",
    "mfa": "allauth, tests/accounts",
    "socialaccount": "allauth, tests/accounts",
    "usersessions": "allauth, tests/accounts",
    "openid_connect": "allauth, tests/accounts",
    "set_language": "POST only, Django's own",
    "readyz": "answers 503 without workers: tests/config/test_health.py",
}
"""Routes whose access other tests prove: prefix of the name → where."""


def route_names(
    patterns: list[URLPattern | URLResolver], namespace: str = ""
) -> Iterator[tuple[str, str]]:
    """(qualified name, route) of every pattern of the URL conf."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from route_names(pattern.url_patterns, inner)
        else:
            yield f"{namespace}{pattern.name}", str(pattern.pattern)


def is_elsewhere(name: str) -> bool:
    if name == "None":
        return True  # allauth's old addresses, which only lead on to the named ones
    return any(name.split(":", maxsplit=1)[0].startswith(prefix) for prefix in ELSEWHERE)


def test_every_route_is_listed() -> None:
    names = {name for name, _ in route_names(get_resolver().url_patterns)}
    assert {name for name in names if not is_elsewhere(name)} == set(MATRIX)


@dataclass(frozen=True, slots=True)
class Scene:
    """Clients of the cast, and the words that stand in the paths."""

    clients: dict[str, Client]
    words: dict[str, str]


@pytest.fixture
def scene(
    small_course: Course,
    organisation: Organisation,
    cohort: Cohort,
    alice: User,
    bob: User,
    settings: Settings,
) -> Scene:
    settings.REQUIRE_ADMIN_MFA = False  # what it asks for is tests/accounts/test_gate.py
    settings.GRADING_TRIES_PER_MINUTE = 0  # each row of the matrix submits anew
    people = {
        "alice": alice,
        "bob": bob,
        "charlie": make_person("charlie"),
        "national": make_person("nina", is_national_administrator=True),
        "staff": make_person("sam", is_staff=True),
    }
    for person in (alice, bob):
        enrol(user=person, course=small_course)
    submission = submit_one_program(alice, small_course)
    clients = {"anonymous": Client()}
    for name, person in people.items():
        clients[name] = Client()
        clients[name].force_login(person)
    words = {
        "course": small_course.key,
        "lesson": submission.lesson_key,
        "program": submission.exercise_key,
        "submission": str(submission.uuid),
        "programme": "small-programme",
        "code": cohort.join_code,
        "organisation": organisation.key,
        "cohort": str(cohort.uuid),
        "alice": str(alice.uuid),
    }
    return Scene(clients, words)


@pytest.mark.parametrize("name", sorted(MATRIX))
def test_everybody_gets_what_is_theirs(scene: Scene, name: str) -> None:
    path = MATRIX[name].path.format(**scene.words)
    statuses = tuple(scene.clients[who].get(path).status_code for who in CAST)
    assert dict(zip(CAST, statuses, strict=True)) == dict(
        zip(CAST, MATRIX[name].statuses, strict=True)
    )


def test_signing_in_is_asked_of_visitors(scene: Scene) -> None:
    response = scene.clients["anonymous"].get(reverse("learn:my_learning"))
    assert response["Location"] == reverse("account_login") + "?next=/learn/"
