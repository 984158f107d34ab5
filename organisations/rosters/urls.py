"""The addresses of rosters, under those of one organisation."""

from __future__ import annotations

from django.urls import path, re_path

from organisations.rosters import views

UPLOAD = "<uuid:upload_uuid>/"

urlpatterns = [
    path("", views.rosters, name="rosters"),
    re_path(r"^sample\.(?P<form>csv|xlsx)$", views.roster_sample, name="roster_sample"),
    path(UPLOAD, views.roster, name="roster"),
    path(UPLOAD + "state/", views.roster_state, name="roster_state"),
    path(UPLOAD + "apply/", views.roster_apply, name="roster_apply"),
    path(UPLOAD + "refused.csv", views.roster_refused, name="roster_refused"),
]
