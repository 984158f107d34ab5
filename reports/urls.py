from __future__ import annotations

from django.urls import path, re_path

from reports import export_views, views
from reports.tables import FORMATS

app_name = "reports"
urlpatterns = [
    path("progress/", views.count, name="count"),
    re_path(
        rf"^reports/export/(?P<report>[a-z-]{{1,64}})/(?P<form>{'|'.join(FORMATS)})/$",
        export_views.export,
        name="export",
    ),
]
