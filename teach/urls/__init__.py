"""The instructor's addresses, a module for each part of the work."""

from __future__ import annotations

from teach.urls import exercises, interop, publication, repair, statistics, workspaces

app_name = "teach"
urlpatterns = [
    *workspaces.urlpatterns,
    *exercises.urlpatterns,
    *publication.urlpatterns,
    *interop.urlpatterns,
    *statistics.urlpatterns,
    *repair.urlpatterns,
]
