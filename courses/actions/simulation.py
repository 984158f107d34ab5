"""A simulated nation, for seeing at full size what no test can show at a small one."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from django.db import connection

from accounts.models import User
from courses.simulation.building import DOMAIN, Built, TriesTable, build
from courses.simulation.removing import forget_zeros, remove
from courses.simulation.syllabus import read_syllabus

MOST_ON_SQLITE = 5000

__all__ = [
    "DOMAIN",
    "Built",
    "NotHere",
    "TriesTable",
    "forget_zeros",
    "remove_simulation",
    "simulate",
]


class NotHere(Exception):
    """This is not the database for it; the message says why and what to do."""


def simulate(
    *,
    learners: int,
    seed: int,
    until: datetime.datetime,
    tries: TriesTable,
    tell: Callable[[str], None],
    beside_real_people: bool = False,
) -> Built:
    """Build a nation in this database; `tell` hears how far it is.

    Raises `NotHere` where real people are, unless `beside_real_people`; where a simulated nation
    is already; where nothing is published; and on SQLite for more than `MOST_ON_SQLITE` learners.
    """
    if connection.vendor != "postgresql" and learners > MOST_ON_SQLITE:
        raise NotHere(
            f"{learners} learners need PostgreSQL: set DATABASE_URL. SQLite takes {MOST_ON_SQLITE}."
        )
    if User.objects.filter(email__endswith=f"@{DOMAIN}").exists():
        raise NotHere("There is a simulated nation already. Take it away with --remove.")
    if not beside_real_people and User.objects.exists():
        raise NotHere(
            "There are people in this database who are not simulated, and their counts would be "
            "mixed with simulated ones. Use an empty database, or say --yes-this-database."
        )
    syllabus = read_syllabus()
    if not syllabus.programmes:
        raise NotHere("Nothing can be studied yet: run `manage.py publish curricula` first.")
    return build(
        learners=learners, seed=seed, until=until, syllabus=syllabus, tries=tries, tell=tell
    )


def remove_simulation() -> int:
    """Take the simulated nation away, with all that its people did; how many people there were.

    Effects: rows of simulated people and organisations are gone, tallies are what the rest says.
    """
    return remove()
