"""What every test may ask for. Alice owns, Bob is her team mate, Charlie is a stranger."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from django.utils import translation
from hypothesis import HealthCheck, settings

# How fast examples are found depends on what else the machine does: no law is about that. Half of
# hypothesis's usual number of them: the suite has ten minutes, and runs every day.
settings.register_profile(
    "suite", deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("suite")

if TYPE_CHECKING:
    from accounts.models import Cohort, Organisation, User
    from courses.models import Course


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """A test's database is rolled back, and SQLite gives the ids of its rows to the next test's."""
    from reports.nation.organisation_rows import forget_rows
    from tests.courses.rows import forget_content

    forget_content()
    forget_rows()


@pytest.fixture(autouse=True)
def _no_language_left() -> Iterator[None]:
    """A page that was asked for in Chinese leaves the thread in Chinese: Django ends nothing."""
    yield
    translation.deactivate()


@pytest.fixture
def organisation(db: None) -> Organisation:
    """A verified university that Alice and Bob belong to."""
    from tests.people import make_organisation

    return make_organisation()


@pytest.fixture
def alice(organisation: Organisation) -> User:
    """The learner who owns what a test is about."""
    from tests.people import make_person

    return make_person("alice", organisation=organisation)


@pytest.fixture
def bob(organisation: Organisation) -> User:
    """A learner of the same organisation."""
    from tests.people import make_person

    return make_person("bob", organisation=organisation)


@pytest.fixture
def charlie(db: None) -> User:
    """A learner who has nothing to do with Alice."""
    from tests.people import make_person

    return make_person("charlie")


@pytest.fixture
def cohort(organisation: Organisation) -> Cohort:
    """An open cohort of the organisation."""
    from tests.people import make_cohort

    return make_cohort(organisation)


@pytest.fixture
def small_course(db: None) -> Course:
    """tests/courses/small-course, published for real: two lessons, one exercise of each kind."""
    from tests.courses.publishing import publish_small_course

    return publish_small_course()
