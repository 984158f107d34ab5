"""Workspaces, outline, lessons, figures, history."""

from __future__ import annotations

from django.urls import URLPattern, path

from teach.views import figures, history, lessons, outline, workspaces

ONE = "<slug:course_key>/"
MODULE = ONE + "modules/<slug:module_key>/"
LESSON = ONE + "lessons/<slug:folder>/"

urlpatterns: list[URLPattern] = [
    path("", workspaces.workspaces, name="workspaces"),
    path("new/", workspaces.workspace_new, name="workspace_new"),
    path(ONE + "members/", workspaces.members, name="members"),
    path(ONE + "members/<int:member_pk>/", workspaces.member_role, name="member_role"),
    path(ONE + "members/<int:member_pk>/out/", workspaces.member_removed, name="member_removed"),
    path(ONE, outline.outline, name="outline"),
    path(ONE + "faults/", outline.faults, name="faults"),
    path(ONE + "modules/", outline.module_new, name="module_new"),
    path(MODULE, outline.module, name="module"),
    path(MODULE + "move/", outline.module_moved, name="module_moved"),
    path(MODULE + "remove/", outline.module_removed, name="module_removed"),
    path(MODULE + "lessons/", outline.lesson_new, name="lesson_new"),
    path(ONE + "about/", lessons.about, name="about"),
    path(ONE + "course/", lessons.course_file, name="course_file"),
    path(ONE + "figures/", figures.figures, name="figures"),
    path(ONE + "history/", history.revisions, name="history"),
    path(ONE + "history/compare/", history.comparison, name="comparison"),
    path(ONE + "history/<int:number>/back/", history.taken_back, name="taken_back"),
    path(LESSON, lessons.lesson, name="lesson"),
    path(LESSON + "move/", outline.lesson_moved, name="lesson_moved"),
    path(LESSON + "remove/", outline.lesson_removed, name="lesson_removed"),
    path(
        LESSON + "exercises/<slug:exercise_key>/move/",
        outline.exercise_moved,
        name="exercise_moved",
    ),
]
