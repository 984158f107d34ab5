"""Workspaces, outline, lessons, figures, history."""

from __future__ import annotations

from django.urls import URLPattern, path

from teach.views import workspaces

ONE = "<slug:course_key>/"

urlpatterns: list[URLPattern] = [
    path("", workspaces.workspaces, name="workspaces"),
    path(ONE + "members/", workspaces.members, name="members"),
]
