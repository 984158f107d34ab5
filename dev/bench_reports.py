"""`make bench ARGS=reports`: report pages over simulated nations of two sizes, beside raw counts.

Builds 50,000 and 500,000 learners anew, each in a database of its own, which takes minutes; so the
other benchmarks run without it. BENCH_NATIONS=5000,50000 sets other sizes. "bare" is what a count
over the raw rows takes in the same database, and says what tallies save.

The organisations of the nation are counted at most once a minute in each process: the row shows a
page within that minute. The first one counts all of them, and grows with their number.
"""

from __future__ import annotations

import datetime
import gc
import os
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.core.management import call_command
from django.db import connection
from django.db.models import DateTimeField, ExpressionWrapper, F
from django.db.models.functions import Least
from django.urls import reverse
from django.utils import timezone

from accounts.actions import give_consent
from accounts.models import Cohort, CohortMember, Membership, Organisation, User
from courses.actions import set_deadlines
from courses.models import Enrolment
from courses.types import china_day
from dev.bench import Browser, Row, counted_queries, cpu_milliseconds
from dev.bench_pages import prepare, signed_in
from grading.models import Progress

SIZES = os.environ.get("BENCH_NATIONS", "50000,500000")
TIMES = 15
MOST_RATIO = 1.3
SEED = "1"
BEGUN = datetime.timedelta(days=60)
"""How long ago the large cohorts began: they are half way, and everybody's risk is judged."""

RAW_STAGES = """
    SELECT province, stage, count(*) FROM courses_standing WHERE counts_nationally GROUP BY 1, 2
"""
RAW_ORGANISATIONS = "SELECT organisation_id, stage, count(*) FROM courses_standing GROUP BY 1, 2"
RAW_ORGANISATION = """
    SELECT cohort_id, stage, count(*) FROM courses_standing WHERE organisation_id = %s GROUP BY 1, 2
"""
RAW_COHORT = """
    SELECT user_id, exercise_id, count(*), sum(p.credit) FROM grading_progress p
    JOIN courses_enrolment e ON e.id = p.enrolment_id WHERE e.cohort_id = %s GROUP BY 1, 2
"""
RAW_PUBLIC = "SELECT count(DISTINCT user_id) FROM courses_qualification"


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a nation, and the count over raw rows that would answer the same."""

    what: str
    address: str
    budget: float
    """Milliseconds."""
    raw: str
    subject: int | None = None
    """What `raw` asks for."""
    most_queries: int = 15


@dataclass(frozen=True, slots=True)
class Measured:
    """One page at one size."""

    page: Page
    queries: int
    milliseconds: float
    cpu_milliseconds: float
    """Of this process alone: the rest of the time the database worked, or other programs did."""
    raw_milliseconds: float


def rows() -> Iterator[Row]:
    """The larger nation's figures against the budget, then the ratio to the smaller one."""
    prepare()
    sizes = [int(size) for size in SIZES.split(",")]
    found = {size: measure(size) for size in sizes}
    small, large = found[min(sizes)], found[max(sizes)]
    for before, after in zip(small, large, strict=True):
        page = after.page
        yield Row(page.what, after.queries, "queries", page.most_queries)
        yield Row(page.what, after.milliseconds, "ms", page.budget, bare=after.raw_milliseconds)
        yield Row("  of it this process's processor", after.cpu_milliseconds, "ms CPU", None)
        ratio = after.milliseconds / before.milliseconds
        yield Row(f"  that by {min(sizes):,} learners", ratio, "times", MOST_RATIO)


def measure(learners: int) -> list[Measured]:
    """Builds a nation beside the database that was prepared, and opens its pages."""
    template, name = str(connection.settings_dict["NAME"]), f"nation_{learners}"
    use("template1")
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    use(name)
    started = time.monotonic()
    # People who come from other benchmarks may be here: they are few.
    mixed = "--yes-this-database"
    call_command("simulate", mixed, "--seed", SEED, learners=learners, verbosity=0)
    for cohort in large_cohorts():
        begin_lately(cohort)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    print(f"{learners:,} learners simulated in {time.monotonic() - started:.0f} s", flush=True)
    try:
        return measured()
    finally:
        use(template)


def use(name: str) -> None:
    """Ask another database of the same server from now on."""
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # of PostgreSQL's, which this is
    connection.settings_dict["NAME"] = name


def measured() -> list[Measured]:
    """Every page of the nation that is in this database."""
    browser = signed_in(administrator())
    found = pages()
    for page in found:
        browser.ask("GET", page.address)
    gc.collect()
    gc.freeze()  # as config/wsgi.py does
    return [one(browser, page) for page in found]


def administrator() -> User:
    """Somebody who administers the nation and the two organisations with a large cohort."""
    user = User.objects.create_user(
        "bench@sim.invalid", name="Bench", language="en", is_national_administrator=True
    )
    give_consent(user=user)
    for organisation in large_organisations():
        role = Membership.Role.ADMINISTRATOR
        Membership.objects.create(user=user, organisation=organisation, role=role)
    return user


def large_organisations() -> list[Organisation]:
    """The one with a cohort of 500, and the one with a cohort of 5,000."""
    return list(Organisation.objects.filter(key__startswith="sim-").order_by("key")[:2])


def large_cohorts() -> list[Cohort]:
    """Of these two, the cohorts of 500 and of 5,000."""
    return [
        Cohort.objects.filter(organisation=one).order_by("pk")[0] for one in large_organisations()
    ]


def begin_lately(cohort: Cohort) -> None:
    """Move a cohort, and what its people did, to the present, and give it deadlines ahead.

    The simulation lets the large ones end long ago, when nobody of them is at risk any more.
    """
    now = timezone.now()
    start = china_day(now) - BEGUN
    later = start - cohort.starts_on
    Cohort.objects.filter(pk=cohort.pk).update(starts_on=start, ends_on=cohort.ends_on + later)

    def moved(moment: str) -> Least:
        return Least(ExpressionWrapper(F(moment) + later, DateTimeField()), now)

    members = CohortMember.objects.filter(cohort=cohort)
    members.update(joined_at=moved("joined_at"))
    enrolments = Enrolment.objects.filter(user__in=members.values("user"))
    enrolments.update(created_at=moved("created_at"), last_active_at=moved("last_active_at"))
    completed = enrolments.exclude(completed_at=None)
    completed.update(completed_at=moved("completed_at"))
    Progress.objects.filter(enrolment__in=enrolments).update(touched_at=moved("touched_at"))
    version = cohort.plan.programme.current
    assert version is not None, "a published programme"
    keys = [entry["key"] for entry in version.courses if entry["required"]]
    set_deadlines(cohort=cohort, due={key: china_day(now) + BEGUN / 3 for key in keys})


def pages() -> list[Page]:
    first, second = large_organisations()
    of_500, of_5000 = large_cohorts()
    organisation = reverse("reports:organisation", args=[first.key])
    people = reverse("reports:organisation_people", args=[second.key])
    larger = reverse("reports:organisation", args=[second.key])
    cohort = reverse("reports:cohort", args=[of_500.uuid])
    large = reverse("reports:cohort", args=[of_5000.uuid])
    gradebook = reverse("reports:cohort_gradebook", args=[of_5000.uuid])
    return [
        Page("public count", reverse("reports:count"), 150, RAW_PUBLIC),
        Page("national dashboard", reverse("reports:nation"), 50, RAW_STAGES),
        Page(
            "organisations of the nation", reverse("reports:organisations"), 150, RAW_ORGANISATIONS
        ),
        Page("organisation, 500 in open cohorts", organisation, 150, RAW_ORGANISATION, first.pk),
        Page("organisation, 5,000 in open cohorts", larger, 150, RAW_ORGANISATION, second.pk),
        Page("people of an organisation, 5,000", people, 150, RAW_ORGANISATION, second.pk),
        Page("cohort of 500", cohort, 150, RAW_COHORT, of_500.pk, most_queries=10),
        Page("cohort of 5,000", large, 150, RAW_COHORT, of_5000.pk),
        Page("gradebook of 5,000", gradebook, 50, RAW_COHORT, of_5000.pk),
    ]


def one(browser: Browser, page: Page) -> Measured:
    def ask() -> None:
        status, _ = browser.ask("GET", page.address)
        assert status == 200, f"{page.address} answered {status}"

    def count() -> None:
        with connection.cursor() as cursor:
            cursor.execute(page.raw, [] if page.subject is None else [page.subject])
            cursor.fetchall()

    ask()
    with counted_queries() as queries:
        ask()
    cpu = cpu_milliseconds(ask, times=TIMES, warm=0)
    return Measured(page, len(queries), median(ask), cpu, median(count))


def median(action: Callable[[], None]) -> float:
    """Milliseconds by the clock, not of the processor: the database's work is in it."""
    for _ in range(3):
        action()
    taken = []
    for _ in range(TIMES):
        started = time.perf_counter()
        action()
        taken.append(time.perf_counter() - started)
    return 1000 * statistics.median(taken)
