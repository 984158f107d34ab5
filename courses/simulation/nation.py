"""Organisations and cohorts of a simulated nation. Nothing here is written to a database.

Every organisation is fictional and says in its name that it is simulated.
"""

from __future__ import annotations

import datetime
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate

from django.utils import translation

from accounts.models import Cohort, Organisation, Province
from accounts.models.organisations import JOIN_CODE_ALPHABET
from courses.models import Programme
from courses.simulation.syllabus import Syllabus
from courses.types import CHINA

KEY_PREFIX = "sim-"
"""Of the key of every simulated organisation, and of nothing else."""
YEARS = 3
LEARNERS_OF_ORGANISATION = 100
COHORTS_OF_ORGANISATION = 4
LARGE_COHORTS = (500, 5000)
"""Of a large nation the first organisations have one cohort of exactly so many people."""
LARGE_NATION = 20_000

WEIGHTS = {
    Province.BEIJING: 9.0,
    Province.TIANJIN: 2.5,
    Province.HEBEI: 4.5,
    Province.SHANXI: 2.2,
    Province.INNER_MONGOLIA: 1.5,
    Province.LIAONING: 3.2,
    Province.JILIN: 1.8,
    Province.HEILONGJIANG: 2.2,
    Province.SHANGHAI: 8.0,
    Province.JIANGSU: 8.5,
    Province.ZHEJIANG: 7.5,
    Province.ANHUI: 4.0,
    Province.FUJIAN: 3.6,
    Province.JIANGXI: 2.6,
    Province.SHANDONG: 6.5,
    Province.HENAN: 5.0,
    Province.HUBEI: 5.2,
    Province.HUNAN: 4.4,
    Province.GUANGDONG: 11.0,
    Province.GUANGXI: 2.4,
    Province.HAINAN: 1.4,
    Province.CHONGQING: 3.2,
    Province.SICHUAN: 5.8,
    Province.GUIZHOU: 2.4,
    Province.YUNNAN: 2.2,
    Province.TIBET: 0.1,
    Province.SHAANXI: 4.2,
    Province.GANSU: 1.3,
    Province.QINGHAI: 0.25,
    Province.NINGXIA: 0.35,
    Province.XINJIANG: 1.2,
    Province.HONG_KONG: 0.6,
    Province.MACAO: 0.1,
}
"""How many people study where, of about 120: by size and by how much industry there is. Not a
statistic: plausible, with provinces that are too small to be shown.
"""
KINDS = {
    Organisation.Kind.UNIVERSITY: (0.40, "university", "大学"),
    Organisation.Kind.FIRM: (0.40, "technology firm", "科技公司"),
    Organisation.Kind.INSTITUTE: (0.14, "research institute", "研究院"),
    Organisation.Kind.AGENCY: (0.06, "public agency", "公共机构"),
}
"""Share, and what one is called in a simulated name."""
SIZES = {
    Organisation.Kind.UNIVERSITY: 3.0,
    Organisation.Kind.FIRM: 1.0,
    Organisation.Kind.INSTITUTE: 0.7,
    Organisation.Kind.AGENCY: 0.6,
}


@dataclass(slots=True)
class Group:
    """A cohort with what it studies. Its organisation is loaded."""

    cohort: Cohort
    programme: Programme
    starts_at: datetime.datetime
    quality: float
    """How many of its people come how far: about 1."""


@dataclass(slots=True)
class Nation:
    """Who trains people."""

    organisations: list[Organisation]
    groups: list[Group]
    weights: list[float] = field(default_factory=list)
    """Of the groups, cumulated; groups of a fixed number of people weigh nothing."""
    large: dict[int, int] = field(default_factory=dict)
    """Position of a group → how many people it has."""


def make_nation(
    *,
    learners: int,
    chance: random.Random,
    until: datetime.datetime,
    syllabus: Syllabus,
    first_organisation: int,
    first_cohort: int,
) -> Nation:
    """Organisations and cohorts for so many learners, with primary keys from the first ones on."""
    names = _province_names()
    nation = Nation([], [])
    sizes: list[float] = []
    for number in range(max(learners // LEARNERS_OF_ORGANISATION, 4)):
        kind = chance.choices(list(KINDS), [share for share, _, _ in KINDS.values()])[0]
        province = chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        _, english, chinese = KINDS[kind]
        nation.organisations.append(
            Organisation(
                pk=first_organisation + number,
                uuid=uuid.UUID(int=chance.getrandbits(128), version=4),
                key=f"{KEY_PREFIX}{number + 1:05}",
                name=f"{names[province][0]} {english} {number + 1} (simulated)",
                name_zh_hans=f"{names[province][1]}{chinese}{number + 1}（模拟）",
                kind=kind,
                province=province,
                verified_at=until - datetime.timedelta(days=365 * YEARS + chance.randrange(60)),
                created_at=until - datetime.timedelta(days=365 * YEARS + 61),
            )
        )
    codes = _join_codes(chance)
    for organisation in nation.organisations:
        size = SIZES[Organisation.Kind(organisation.kind)] * chance.lognormvariate(0, 0.7)
        quality = chance.uniform(0.5, 1.5)
        for number in range(COHORTS_OF_ORGANISATION):
            group = _group(organisation, number, chance, until, syllabus, quality)
            group.cohort.pk = first_cohort + len(nation.groups)
            group.cohort.join_code = next(codes)
            sizes.append(size * chance.uniform(0.5, 1.5))
            nation.groups.append(group)
    if learners >= LARGE_NATION:
        for number, people in enumerate(LARGE_COHORTS):
            position = number * COHORTS_OF_ORGANISATION
            nation.large[position] = people
            sizes[position] = 0.0
    nation.weights = list(accumulate(sizes))
    return nation


def _group(
    organisation: Organisation,
    number: int,
    chance: random.Random,
    until: datetime.datetime,
    syllabus: Syllabus,
    quality: float,
) -> Group:
    start = start_of_study(chance, until, semesters=organisation.kind == "university")
    longest = 120 if organisation.kind == "university" else 90
    programme = syllabus.programmes[0]
    if len(syllabus.programmes) > 1 and chance.random() < 0.3:
        programme = chance.choice(syllabus.programmes[1:])
    local = start.astimezone(CHINA).date()
    cohort = Cohort(
        uuid=uuid.UUID(int=chance.getrandbits(128), version=4),
        organisation=organisation,
        name=f"{local:%Y-%m} · {number + 1}",
        starts_on=local,
        ends_on=local + datetime.timedelta(days=longest),
        created_at=start - datetime.timedelta(days=60),
    )
    return Group(cohort, programme, start, quality)


def start_of_study(
    chance: random.Random, until: datetime.datetime, *, semesters: bool
) -> datetime.datetime:
    """A moment of the last years: later ones are likelier, and semesters begin twice a year."""
    days = 365 * YEARS
    while True:
        # The square root of a uniform number: twice as many in the last month as in the middle.
        back = days * (1 - chance.random() ** 0.5)
        moment = until - datetime.timedelta(days=7 + round(back), hours=chance.randrange(10))
        moment = moment.replace(microsecond=0)
        month = moment.astimezone(CHINA).month
        if not semesters or month in {3, 9} or chance.random() < 0.12:
            return moment


def _join_codes(chance: random.Random) -> Iterator[str]:
    """Codes that no other cohort of this nation has. All begin alike: real ones are random."""
    used: set[str] = set()
    while True:
        code = "SM" + "".join(chance.choices(JOIN_CODE_ALPHABET, k=6))
        if code not in used:
            used.add(code)
            yield code


def _province_names() -> dict[str, tuple[str, str]]:
    found = {}
    for province in WEIGHTS:
        with translation.override("en"):
            english = str(province.label)
        with translation.override("zh-hans"):
            found[province] = (english, str(province.label))
    return {str(province): names for province, names in found.items()}
