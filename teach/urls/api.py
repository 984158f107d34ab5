"""What programs send to workspaces: who asks is who made the token."""

from __future__ import annotations

from django.urls import path

from teach.views import api

app_name = "teach_api"
urlpatterns = [
    path("<slug:course_key>/files", api.files, name="files"),
]
