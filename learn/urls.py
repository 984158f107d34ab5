"""The learner's addresses."""

from __future__ import annotations

from django.urls import path

from learn.views import (
    catalogue,
    exercises,
    home,
    leaving,
    lessons,
    playing,
    preview,
    profile,
    programmes,
    releases,
    requests,
    styleguide,
    submissions,
    watched,
)

COURSE = "learn/<slug:course_key>/"
LESSON = COURSE + "<slug:lesson_key>/"
EXERCISE = LESSON + "<slug:exercise_key>/"
PREVIEW = "learn/preview/<slug:course_key>/"
PREVIEW_LESSON = PREVIEW + "<slug:lesson_key>/"
PREVIEW_EXERCISE = PREVIEW_LESSON + "<slug:exercise_key>/"
SUBMISSION = "submissions/<uuid:submission_uuid>/"

app_name = "learn"
urlpatterns = [
    path("", home.landing, name="landing"),
    path("terms/", home.terms, name="terms"),
    path("privacy/", home.privacy, name="privacy"),
    path("theme/", home.theme, name="theme"),
    path("programmes/", programmes.programmes, name="programmes"),
    path("programmes/<slug:programme_key>/", programmes.programme, name="programme"),
    path("courses/", catalogue.catalogue, name="catalogue"),
    path("courses/<slug:course_key>/", catalogue.course, name="course"),
    path("courses/<slug:course_key>/enrol/", catalogue.enrol_in, name="enrol"),
    path("courses/<slug:course_key>/newer/", releases.newer, name="newer"),
    path("courses/<slug:course_key>/policy/", releases.policy, name="policy"),
    path("learn/", home.my_learning, name="my_learning"),
    # Before the learner's own: no course is called `preview`.
    path(PREVIEW, preview.preview_course, name="preview_course"),
    path(PREVIEW_LESSON, preview.preview_lesson, name="preview_lesson"),
    path(PREVIEW_LESSON + "seen/", preview.preview_seen, name="preview_seen"),
    path(PREVIEW_EXERCISE, preview.preview_exercise, name="preview_exercise"),
    path(PREVIEW_EXERCISE + "<slug:act>/", preview.preview_act, name="preview_act"),
    path(COURSE, home.course_home, name="course_home"),
    path(LESSON, lessons.lesson, name="lesson"),
    path(LESSON + "seen/", lessons.seen, name="seen"),
    path(EXERCISE, exercises.exercise, name="exercise"),
    path(EXERCISE + "run/", exercises.run, name="run"),
    path(EXERCISE + "hint/", exercises.hint, name="hint"),
    path(EXERCISE + "variant/", exercises.variant, name="variant"),
    path(EXERCISE + "draft/", exercises.draft, name="draft"),
    path(EXERCISE + "play/", playing.play, name="play"),
    path(EXERCISE + "play/<uuid:submission_uuid>/", playing.play_state, name="play_state"),
    path(EXERCISE + "submissions/", exercises.history, name="history"),
    path(SUBMISSION, submissions.submission, name="submission"),
    path(SUBMISSION + "state/", submissions.submission_state, name="submission_state"),
    path(
        "teach/<slug:course_key>/submissions/<uuid:submission_uuid>/",
        watched.submission,
        name="watched",
    ),
    path(SUBMISSION + "request/", requests.request_about_try, name="request"),
    path(SUBMISSION + "request/back/", requests.request_taken_back, name="request_back"),
    path("notices/<uuid:notice_uuid>/seen/", requests.notice_seen, name="notice_seen"),
    path("profile/", profile.profile, name="profile"),
    path("profile/data/", leaving.own_data, name="own_data"),
    path("profile/erase/", leaving.erase, name="erase"),
    path("join/", profile.join, name="join"),
    path("join/<str:code>/", profile.join_with_code, name="join_cohort"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
]
