"""The addresses of organisations' administrators."""

from __future__ import annotations

from django.urls import include, path

from organisations.views import (
    announcements,
    cohorts,
    doubles,
    invitations,
    members,
    overview,
    people,
    registration,
)

ONE = "<slug:key>/"
PERSON = ONE + "people/<uuid:person_uuid>/"
COHORT = ONE + "cohorts/<uuid:cohort_uuid>/"
DEPARTMENT = ONE + "departments/<uuid:department_uuid>/"

app_name = "organisations"
urlpatterns = [
    path("", registration.mine, name="mine"),
    path("register/", registration.register, name="register"),
    path("register/<uuid:organisation_uuid>/", registration.registration, name="registration"),
    path("waiting/", registration.waiting, name="waiting"),
    path("waiting/<uuid:organisation_uuid>/", registration.decide, name="decide"),
    path(ONE, overview.overview, name="overview"),
    path(ONE + "roster/", include("organisations.rosters.urls")),
    path(ONE + "settings/", overview.settings, name="settings"),
    path(ONE + "departments/", overview.departments, name="departments"),
    path(DEPARTMENT, overview.department, name="department"),
    path(DEPARTMENT + "remove/", overview.department_removed, name="department_removed"),
    path(ONE + "people/", people.people, name="people"),
    path(ONE + "people/doubles/", doubles.doubles, name="doubles"),
    path(
        ONE + "people/doubles/<uuid:kept_uuid>/<uuid:gone_uuid>/",
        doubles.merge_two,
        name="merge_people",
    ),
    path(PERSON, people.person, name="person"),
    path(PERSON + "<slug:role>/take/", people.role_taken, name="role_taken"),
    path(ONE + "cohorts/", cohorts.cohorts, name="cohorts"),
    path(ONE + "cohorts/new/", cohorts.cohort_new, name="cohort_new"),
    path(COHORT, cohorts.cohort, name="cohort"),
    path(COHORT + "edit/", cohorts.cohort_edit, name="cohort_edit"),
    path(COHORT + "deadlines/", cohorts.deadlines, name="deadlines"),
    path(COHORT + "sheet/", cohorts.sheet, name="sheet"),
    path(COHORT + "members/move/", members.move, name="members_move"),
    path(COHORT + "members/remove/", members.remove, name="members_remove"),
    path(COHORT + "merge/", members.merge, name="cohort_merge"),
    path(COHORT + "announce/", announcements.cohort_announcement, name="cohort_announcement"),
    path(ONE + "invite/", invitations.invite, name="invite"),
    path(ONE + "invite/letters/", invitations.letters, name="letters"),
    path(ONE + "invite/links/", invitations.link_new, name="link_new"),
    path(ONE + "invite/links/<slug:token>/revoke/", invitations.link_revoked, name="link_revoked"),
    path(ONE + "places/", invitations.places, name="places"),
    path(ONE + "places/withdraw/", invitations.places_withdrawn, name="places_withdrawn"),
    path(ONE + "places/mail/", invitations.places_mailed, name="places_mailed"),
    path(ONE + "announcements/", announcements.announcements, name="announcements"),
    path(ONE + "announcements/new/", announcements.announcement_new, name="announcement_new"),
    path(
        "announcements/<uuid:announcement_uuid>/seen/",
        announcements.announcement_seen,
        name="announcement_seen",
    ),
]
