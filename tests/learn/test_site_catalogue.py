"""The catalogue: what is found, what the address says, what it costs."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.learn.site import Page, published

pytestmark = pytest.mark.django_db


def found(client: Client, query: str = "") -> list[str]:
    """The courses that the catalogue lists for an address, in its order."""
    page = Page(client.get(f"/courses/{query}").content.decode())
    return [link for link in page.links() if link.startswith("/courses/") and link != "/courses/"]


@pytest.fixture
def three() -> None:
    published("alpha", topic="contracts", level="foundations", effort_hours=4)
    published("beta", topic="ledgers", level="specialist", effort_hours=30, provider="Lakeside")
    published(
        "gamma", languages=["zh-hans"], search_text=" 区块 块链 lang=zh-hans ", effort_hours=12
    )


def test_everything_is_listed_by_key(client: Client, three: None) -> None:
    assert found(client) == ["/courses/alpha/", "/courses/beta/", "/courses/gamma/"]


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("?topic=contracts", ["alpha"]),
        ("?level=specialist", ["beta"]),
        ("?language=zh-hans", ["gamma"]),
        ("?effort=15", ["alpha", "gamma"]),
        ("?provider=Lakeside", ["beta"]),
        ("?q=BETA", ["beta"]),
        ("?q=区块链", ["gamma"]),
        ("?effort=5&topic=contracts", ["alpha"]),
        ("?effort=5&topic=ledgers", []),
    ],
)
def test_filters_live_in_the_address(
    client: Client, three: None, query: str, keys: list[str]
) -> None:
    assert found(client, query) == [f"/courses/{key}/" for key in keys]


def test_a_value_that_no_choice_has_filters_nothing(client: Client, three: None) -> None:
    assert len(found(client, "?level=expert&effort=many&page=nine")) == 3


def test_the_number_of_results_is_said(client: Client, three: None) -> None:
    assert "3 courses" in client.get("/courses/").content.decode()
    assert "1 course<" in client.get("/courses/?q=alpha").content.decode()


def test_each_filter_in_force_can_be_dropped_alone(client: Client, three: None) -> None:
    page = Page(client.get("/courses/?topic=contracts&effort=5&page=1").content.decode())
    assert [link for link in page.links() if link.startswith("?")] == [
        "?effort=5",
        "?topic=contracts",
    ]


def test_a_choice_stays_chosen(client: Client, three: None) -> None:
    page = Page(client.get("/courses/?level=specialist&q=beta").content.decode())
    assert len(page.all("option", value="specialist", selected="")) == 0
    chosen = [given["value"] for given in page.all("option") if "selected" in given]
    assert chosen == ["", "specialist", "", "", ""]
    assert page.all("input", name="q")[0]["value"] == "beta"


def test_what_was_searched_is_escaped(client: Client) -> None:
    page = client.get("/courses/", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in page


def test_nothing_found_says_what_to_do(client: Client, three: None) -> None:
    page = client.get("/courses/?q=zebra").content.decode()
    assert "No course fits all of that" in page
    assert "No course is published yet" not in page


def test_an_empty_catalogue_says_so(client: Client) -> None:
    assert "No course is published yet" in client.get("/courses/").content.decode()


def test_pages_keep_the_filters(client: Client) -> None:
    for number in range(23):
        published(f"course-{number:02}", topic="contracts")
    first = Page(client.get("/courses/?topic=contracts").content.decode())
    assert [link for link in first.links() if "page=" in link] == ["?topic=contracts&page=2"]
    assert found(client, "?topic=contracts&page=2") == [
        "/courses/course-20/",
        "/courses/course-21/",
        "/courses/course-22/",
    ]


@pytest.mark.parametrize("courses", [1, 3])
def test_it_costs_the_same_for_one_and_for_three(
    client: Client, courses: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(courses):
        published(f"course-{number}")
    with django_assert_num_queries(3):
        client.get("/courses/")
