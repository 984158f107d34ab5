"""/healthz says that the process lives; /readyz says whether it can do its work, and why not."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from courses.actions import enrol
from courses.models import Course
from grading.models import Submission
from tests.submissions import submit_one_program


def test_alive_asks_nobody(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, db: None
) -> None:
    with django_assert_num_queries(0):
        response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"alive\n")


def test_alive_takes_no_post(client: Client) -> None:
    assert client.post("/healthz").status_code == 405


@pytest.mark.django_db
def test_without_a_worker_it_is_not_ready(client: Client) -> None:
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"ready": False, "faults": ["No grading worker is alive."]}


@pytest.mark.django_db
def test_an_old_submission_is_named(client: Client, alice: User, small_course: Course) -> None:
    enrol(user=alice, course=small_course)
    submit_one_program(alice, small_course)
    with connection.cursor() as cursor:
        # Ten minutes ago by whatever clock the row was made with.
        column = Submission._meta.get_field("created_at").column
        earlier = (
            f"{column} - INTERVAL '600 seconds'"
            if connection.vendor == "postgresql"
            else f"datetime({column}, '-600 seconds')"
        )
        cursor.execute(f"UPDATE grading_submission SET {column} = {earlier}")
    faults = client.get("/readyz").json()["faults"]
    assert len(faults) == 2
    assert faults[0].startswith("1 submissions wait, the oldest for 60")
