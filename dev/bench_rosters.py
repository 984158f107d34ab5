"""The rosters' rows of `make bench`: 50,000 people, as an organisation uploads them."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator

from django.utils import timezone

from accounts.models import Cohort, Invitation, Membership, Organisation, RosterUpload, User
from courses.actions import set_plan
from courses.models import Programme
from dev.bench import Row
from organisations.rosters import jobs

PEOPLE = 50_000
COHORTS = 20


def rows() -> Iterator[Row]:
    """Read, applied, and uploaded once more, in the same process that `make run` starts."""
    administrator, content = prepare()
    upload = uploaded(administrator, content)
    reading = seconds(jobs.work)
    jobs.ask_to_apply(upload)
    applying = seconds(jobs.work)
    places = Invitation.objects.filter(organisation=upload.organisation)
    before = set(places.values_list("pk", "name", "external_id", "cohort"))
    assert len(before) == PEOPLE
    again = uploaded(administrator, content)

    def second() -> None:
        jobs.work()
        jobs.ask_to_apply(again)
        jobs.work()

    spent = seconds(second)
    assert again.rows.exclude(effect="same").count() == 0
    assert set(places.values_list("pk", "name", "external_id", "cohort")) == before
    yield Row(f"roster of {PEOPLE:,}: read and compare", reading, "s", None)
    yield Row(f"roster of {PEOPLE:,}: apply", applying, "s", None)
    yield Row(f"roster of {PEOPLE:,}: both", reading + applying, "s", 60)
    yield Row(f"roster of {PEOPLE:,}: the same once more", spent, "s", 60)


def prepare() -> tuple[User, bytes]:
    """An organisation with cohorts that study, who administers it, and its list."""
    name = uuid.uuid4().hex[:12]
    organisation = Organisation.objects.create(
        key=f"bench-{name}", name="Bench", kind="university", province="33",
        verified_at=timezone.now(),
    )  # fmt: skip
    administrator = User.objects.create_user(f"{name}@example.org", name="Bench", language="en")
    Membership.objects.create(user=administrator, organisation=organisation, role="administrator")
    today = timezone.localdate()
    programme = Programme.objects.exclude(current=None).first()
    assert programme is not None, "bench_pages publishes the programmes"
    for number in range(COHORTS):
        cohort = Cohort.objects.create(
            organisation=organisation, name=f"Class {number}", starts_on=today, ends_on=today
        )
        set_plan(cohort=cohort, programme=programme)
    lines = ["邮箱,姓名,学号,班级"]
    lines += [
        f"{name}-{number}@example.org,学生{number},{number:08d},Class {number % COHORTS}"
        for number in range(PEOPLE)
    ]
    return administrator, "\n".join(lines).encode()


def uploaded(administrator: User, content: bytes) -> RosterUpload:
    membership = administrator.memberships.select_related("organisation").get()
    return RosterUpload.objects.create(
        organisation=membership.organisation,
        uploaded_by=administrator,
        file_name="bench.csv",
        content=content,
    )


def seconds(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started
