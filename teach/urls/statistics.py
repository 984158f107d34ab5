"""Whether exercises teach; submissions."""

from __future__ import annotations

from django.urls import URLPattern, path

from teach.views import statistics, submissions

COURSE = "<slug:course_key>/"
ONE = COURSE + "statistics/<slug:exercise_key>/"
PAIR = ONE + "similarity/<int:left>/<int:right>/"

urlpatterns: list[URLPattern] = [
    path(COURSE + "statistics/", statistics.statistics, name="statistics"),
    path(ONE, statistics.exercise, name="exercise_statistics"),
    path(ONE + "similarity/", statistics.similarity, name="similarity"),
    path(PAIR, statistics.similarity_pair, name="similarity_pair"),
    path(COURSE + "submissions/", submissions.submissions, name="submissions"),
]
