"""What happens to simulated people, as a history of acts. Pure: nothing is counted here.

The histories are plausible and not a forecast: people are invited before a cohort begins, sign up
within days, study in sittings, stop somewhere; every cohort has better and worse teachers.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from accounts.models import Organisation
from courses.models import Programme
from courses.simulation.nation import WEIGHTS, Group, Nation, start_of_study
from courses.simulation.syllabus import Step, Subject, Syllabus

ALONE = 0.06
"""Share of people who learn on their own."""
WITHOUT_COHORT = 0.04
IN_TWO_ORGANISATIONS = 0.03
BY_INVITATION = 0.8
SIGN_UP = 0.92
ENROL = 0.94
BEGIN = 0.9
STOP_EARLY = 0.70
STOP_LATER = 0.16
"""Of those who begin; the others go on until they have completed the course."""

FAMILY_NAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余"
    "于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金贾韦夏付方邹熊白孟秦邱侯江尹薛闫段雷"
    "龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤"
)
GIVEN_NAMES = (
    "安邦博晨承初春丹得东恩芳飞风刚光国海涵航和鹤宏华慧佳嘉健江洁金静君俊凯康可兰乐磊"
    "丽林琳玲龙露满曼梅美萌敏明宁鹏平琪倩强青清秋荣瑞森珊诗书舒思松涛天婷彤桐巍文希晓"
    "欣新星旭雪雅妍言阳一怡以艺英颖永雨玉远悦云泽湛哲振正之知志智舟卓子"
)


class Tried(NamedTuple):
    """All tries of one exercise: they happen in one sitting."""

    at: datetime.datetime
    step: Step
    tries: int
    credit: int
    """In hundredths of a point."""
    is_passed: bool


@dataclass(slots=True)
class Study:
    """A course that somebody enrols in."""

    subject: Subject
    enrolled_at: datetime.datetime
    tried: list[Tried] = field(default_factory=list)


@dataclass(slots=True)
class Life:
    """One person. Who only was invited has no `registered_at`."""

    name: str
    province: str
    organisation: Organisation | None
    group: Group | None
    invited_at: datetime.datetime | None
    registered_at: datetime.datetime | None
    studies: list[Study] = field(default_factory=list)
    second: Group | None = None
    second_at: datetime.datetime | None = None


class Act(NamedTuple):
    """What a person does at a moment: joins a second group, enrols, or works on an exercise."""

    at: datetime.datetime
    group: Group | None = None
    study: Study | None = None
    tried: Tried | None = None


def acts(life: Life) -> list[Act]:
    """What somebody does after signing up, in order."""
    found = []
    for study in life.studies:
        found.append(Act(study.enrolled_at, study=study))
        found += [Act(tried.at, study=study, tried=tried) for tried in study.tried]
    if life.second is not None and life.second_at is not None:
        found.append(Act(life.second_at, group=life.second))
        found.sort(key=lambda act: act.at)
    return found


class Fate:
    """Makes the people of a nation up, one after the other."""

    def __init__(
        self,
        *,
        nation: Nation,
        syllabus: Syllabus,
        chance: random.Random,
        until: datetime.datetime,
    ) -> None:
        self.nation = nation
        self.syllabus = syllabus
        self.chance = chance
        self.until = until

    def lives(self, learners: int) -> Iterator[Life]:
        """People until so many of them have signed up."""
        signed_up = 0
        for position, people in self.nation.large.items():
            for _ in range(people):
                life = self.in_group(self.nation.groups[position], is_sure=True)
                signed_up += 1
                yield life
        while signed_up < learners:
            life = self.somebody()
            signed_up += life.registered_at is not None
            yield life

    def somebody(self) -> Life:
        """One more person."""
        which = self.chance.random()
        if which < ALONE:
            return self.alone()
        group = self.chance.choices(self.nation.groups, cum_weights=self.nation.weights)[0]
        if which < ALONE + WITHOUT_COHORT:
            return self.without_cohort(group)
        return self.in_group(group, is_sure=False)

    def alone(self) -> Life:
        province = self.chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        start = start_of_study(self.chance, self.until, semesters=False)
        life = Life(self.name(), province, None, None, None, start)
        self.study(life, self.syllabus.programmes[0], start, quality=0.8)
        self.join_a_second_group(life)
        return life

    def without_cohort(self, group: Group) -> Life:
        """In an organisation, and in none of its cohorts."""
        organisation = group.cohort.organisation
        invited_at = self.later(group.starts_at, -20)
        registered_at = self.later(invited_at, 5)
        life = Life(
            self.name(), organisation.province, organisation, None, invited_at, registered_at
        )
        if registered_at > self.until:
            life.registered_at = None
        else:
            self.study(life, group.programme, registered_at, quality=group.quality)
        return life

    def in_group(self, group: Group, *, is_sure: bool) -> Life:
        """`is_sure`: they have signed up by now."""
        organisation = group.cohort.organisation
        life = Life(self.name(), organisation.province, organisation, group, None, None)
        if self.chance.random() < BY_INVITATION:
            life.invited_at = self.later(group.starts_at, -20)
            if is_sure or self.chance.random() < SIGN_UP:
                life.registered_at = self.later(life.invited_at, 6)
        else:
            life.registered_at = self.later(group.starts_at, 4)
        if life.registered_at is None:
            return life
        if life.registered_at > self.until:
            if life.invited_at is not None and not is_sure:
                life.registered_at = None
                return life
            life.registered_at = self.until
        start = max(life.registered_at, group.starts_at)
        self.study(life, group.programme, start, quality=group.quality)
        self.join_a_second_group(life)
        return life

    def join_a_second_group(self, life: Life) -> None:
        if life.registered_at is None or self.chance.random() > IN_TWO_ORGANISATIONS:
            return
        group = self.chance.choices(self.nation.groups, cum_weights=self.nation.weights)[0]
        at = life.registered_at + datetime.timedelta(seconds=self.chance.randrange(300 * 86400))
        if group.cohort.organisation is not life.organisation and at < self.until:
            life.second, life.second_at = group, at

    def study(
        self, life: Life, programme: Programme, start: datetime.datetime, *, quality: float
    ) -> None:
        """Enrol in the courses of a programme, one after the other, as far as the person goes."""
        if self.chance.random() > ENROL:
            return
        at = self.later(start, 3)
        for subject in self.syllabus.required(programme):
            if at > self.until:
                return
            study = Study(subject, at)
            life.studies.append(study)
            if self.chance.random() > BEGIN:
                return
            self.work(study, quality)
            if sum(tried.credit for tried in study.tried) < subject.needed:
                return
            at = self.later(study.tried[-1].at, 10)

    def work(self, study: Study, quality: float) -> None:
        """Work through a course in sittings until the person stops or today has come."""
        chance = self.chance
        steps = study.subject.steps
        which = chance.random()
        goes_on = (1 - STOP_EARLY - STOP_LATER) * quality
        if which < goes_on:
            longest, needed = len(steps), study.subject.needed
        elif which < goes_on + STOP_LATER:
            longest, needed = round(len(steps) * chance.uniform(0.2, 0.6)), -1
        else:
            longest, needed = 1 + int(chance.expovariate(0.3)), -1
        at, credit, left, pace = study.enrolled_at, 0, 0, chance.uniform(0.5, 1.6)
        for step in steps[:longest]:
            if left == 0:
                at += datetime.timedelta(seconds=int(chance.expovariate(pace / 400_000)))
                left = chance.randint(2, 6)
            left -= 1
            at += datetime.timedelta(seconds=120 + int(chance.random() * 2400))
            if at > self.until:
                return
            tried = self.attempt(step, at)
            study.tried.append(tried)
            credit += tried.credit
            if 0 <= needed <= credit and chance.random() < 0.6:
                return

    def attempt(self, step: Step, at: datetime.datetime) -> Tried:
        chance = self.chance
        tries = 1 + int(chance.expovariate(0.22))
        if step.most_tries:
            tries = min(tries, step.most_tries)
        whole = 100 * step.points
        if chance.random() < 0.94:
            return Tried(at, step, tries, whole - whole * min(tries - 1, 4) // 20, is_passed=True)
        return Tried(at, step, tries, int(whole * 0.6 * chance.random()), is_passed=False)

    def later(self, moment: datetime.datetime, days: float) -> datetime.datetime:
        """Some days later, or before where they are negative, about so many on the average."""
        seconds = int(self.chance.expovariate(1 / (abs(days) * 86400)))
        return moment + datetime.timedelta(seconds=seconds if days > 0 else -seconds)

    def name(self) -> str:
        chance = self.chance
        given = chance.choice(GIVEN_NAMES) + chance.choice(GIVEN_NAMES)
        return chance.choice(FAMILY_NAMES) + (given if chance.random() < 0.8 else given[0])
