"""Editing and trying one exercise, mutants."""

from __future__ import annotations

from django.urls import URLPattern, path

from teach.views import exercises, trials

ONE = "<slug:course_key>/"
LESSON = ONE + "lessons/<slug:folder>/"
EXERCISE = LESSON + "exercises/<slug:exercise_key>/"

urlpatterns: list[URLPattern] = [
    path(ONE + "exercises/", exercises.exercises, name="exercises"),
    path(LESSON + "new-exercise/", exercises.exercise_new, name="exercise_new"),
    path(EXERCISE, exercises.exercise, name="exercise"),
    path(EXERCISE + "source/", exercises.exercise_source, name="exercise_source"),
    path(EXERCISE + "remove/", exercises.exercise_removed, name="exercise_removed"),
    path(EXERCISE + "trials/", trials.exercise_trials, name="exercise_trials"),
    path(EXERCISE + "trials/state/", trials.exercise_trial_state, name="exercise_trial_state"),
]
