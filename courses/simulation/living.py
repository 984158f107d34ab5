"""A simulated life as the rows that the real actions would have written for it.

The same pure rules as the actions follow (courses/standings.py, courses/qualification.py), without
a database; tests/courses/simulation/test_replay.py plays lives through the actions and compares.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from accounts.models import Cohort, Organisation
from courses import qualification, standing_rows, standings
from courses.models import Enrolment, Programme, Qualification, Standing
from courses.simulation.lives import Life, Study, Tried, acts
from courses.simulation.nation import Group
from courses.simulation.syllabus import Syllabus
from courses.standings import Stage


@dataclass(slots=True)
class Lived:
    """What is there of a person by now. Nothing has a primary key yet but what is named here."""

    user_id: int | None
    organisations: dict[int, datetime.datetime] = field(default_factory=dict)
    """In which they learn, and since when."""
    cohorts: dict[int, datetime.datetime] = field(default_factory=dict)
    enrolments: list[Enrolment] = field(default_factory=list)
    tried: list[tuple[Enrolment, Tried]] = field(default_factory=list)
    qualifications: list[Qualification] = field(default_factory=list)
    standings: list[Standing] = field(default_factory=list)
    of_place: Standing | None = None
    """The one that came of their invitation."""


def live(life: Life, syllabus: Syllabus, user_id: int | None) -> Lived:
    """Everything that happened to one person; `user_id` is None for who has not signed up."""
    return _Person(life, syllabus, Lived(user_id)).live()


class _Person:
    def __init__(self, life: Life, syllabus: Syllabus, lived: Lived) -> None:
        self.life = life
        self.syllabus = syllabus
        self.lived = lived
        self.home: Organisation | None = None
        """The first organisation in which they learn."""
        self.earned: set[int] = set()

    def live(self) -> Lived:
        life, lived = self.life, self.lived
        if life.group is not None and life.invited_at is not None:
            lived.of_place = Standing(programme=life.group.programme)
            cohort = life.group.cohort
            standing_rows.place_in(lived.of_place, cohort.organisation, cohort.pk)
            standings.reach(lived.of_place, Stage.INVITED, life.invited_at)
            lived.standings.append(lived.of_place)
        if life.registered_at is None:
            return lived
        if life.group is not None:
            self.join(life.group, life.registered_at)
        elif life.organisation is not None:
            self.belong(life.organisation, life.registered_at)
        for act in acts(life):
            if act.group is not None:
                self.join(act.group, act.at)
            elif act.study is not None and act.tried is None:
                self.enrol(act.study)
            elif act.tried is not None:
                self.work(act.tried)
        return lived

    def belong(self, organisation: Organisation, now: datetime.datetime) -> None:
        """As `courses.actions.cohorts.make_learners`."""
        self.lived.organisations.setdefault(organisation.pk, now)
        self.home = self.home or organisation

    def join(self, group: Group, now: datetime.datetime) -> None:
        """As `courses.actions.join_cohort`."""
        organisation = group.cohort.organisation
        self.lived.cohorts[group.cohort.pk] = now
        self.belong(organisation, now)
        own = [row for row in self.lived.standings if row.programme_id == group.programme.pk]
        standing = next(
            (row for home in (organisation.pk, None) for row in own if row.organisation_id == home),
            None,
        )
        if standing is None:
            standing = Standing(programme=group.programme)
            self.lived.standings.append(standing)
        standing.user_id = self.lived.user_id
        standing.counts_nationally = not any(
            row.counts_nationally for row in own if row is not standing
        )
        standing_rows.place_in(standing, organisation, group.cohort.pk)
        self.bring_up(standing, group.programme, now)

    def enrol(self, study: Study) -> None:
        """As `courses.actions.enrol`."""
        course, now = study.subject.course, study.enrolled_at
        assert self.lived.user_id is not None
        assert course.current_id is not None
        group = self.life.group
        enrolment = Enrolment(
            user_id=self.lived.user_id,
            course=course,
            release_id=course.current_id,
            cohort_id=group.cohort.pk if group else None,
            seed=0,
            created_at=now,
            last_active_at=now,
        )
        self.lived.enrolments.append(enrolment)
        self.advance(enrolment, now)

    def work(self, tried: Tried) -> None:
        """As `courses.actions.record_progress`."""
        enrolment, now = self.lived.enrolments[-1], tried.at
        subject = self.syllabus.subjects[enrolment.course.key]
        self.lived.tried.append((enrolment, tried))
        enrolment.credit += tried.credit
        enrolment.exercises_passed += tried.is_passed
        enrolment.last_lesson_key = tried.step.lesson_key
        enrolment.last_active_at = now
        month = standings.month_of(now)
        is_halfway = enrolment.halfway_at is None and 2 * enrolment.credit >= subject.needed
        completes = enrolment.completed_at is None and enrolment.credit >= subject.needed
        is_active = month > enrolment.active_month
        if not (is_halfway or completes or is_active):
            return
        enrolment.active_month = month
        if is_halfway:
            enrolment.halfway_at = now
        if completes:
            enrolment.completed_at = now
            self.qualify(enrolment.course.key, now)
        self.advance(enrolment, now, is_try=is_active)

    def qualify(self, course_key: str, now: datetime.datetime) -> None:
        assert self.lived.user_id is not None
        completed = [row.course.key for row in self.lived.enrolments if row.completed_at]
        for programme in self.syllabus.programmes_with(course_key):
            version = programme.current
            assert version is not None
            if programme.pk not in self.earned and qualification.is_met(version, completed):
                self.earned.add(programme.pk)
                self.lived.qualifications.append(
                    Qualification(
                        user_id=self.lived.user_id,
                        programme=programme,
                        version=version,
                        qualified_at=now,
                    )
                )

    def advance(
        self, enrolment: Enrolment, now: datetime.datetime, *, is_try: bool = False
    ) -> None:
        """As `courses.standing_rows.advance`."""
        key = enrolment.course.key
        for programme in self.syllabus.programmes_with(key):
            own = [row for row in self.lived.standings if row.programme_id == programme.pk]
            if not own:
                assert programme.current is not None
                if key not in qualification.required(programme.current):
                    continue
                own = [self.begin(programme)]
            for standing in own:
                self.bring_up(standing, programme, now)
                if is_try:
                    standings.mark_active(standing, now)

    def begin(self, programme: Programme) -> Standing:
        """The standing of somebody who enrolled."""
        standing = Standing(programme=programme, user_id=self.lived.user_id)
        group = self.life.group
        cohort: Cohort | None = group.cohort if group else None
        home = cohort.organisation if cohort else self.home
        if home is None:
            standing.province = self.life.province
        else:
            is_planned = group is not None and group.programme.pk == programme.pk
            standing_rows.place_in(standing, home, cohort.pk if cohort and is_planned else None)
        self.lived.standings.append(standing)
        return standing

    def bring_up(self, standing: Standing, programme: Programme, now: datetime.datetime) -> None:
        standing_rows.bring_up(standing, programme, self.lived.enrolments, self.earned, now)
