from __future__ import annotations

from django.urls import path, re_path

from reports import export_views, views
from reports.tables import FORMATS

app_name = "reports"
urlpatterns = [
    path("progress/", views.count, name="count"),
    path("reports/exports/", export_views.exports, name="exports"),
    path("reports/exports/<uuid:export_uuid>/", export_views.export_page, name="export_page"),
    path(
        "reports/exports/<uuid:export_uuid>/state/", export_views.export_state, name="export_state"
    ),
    path("reports/exports/<uuid:export_uuid>/file/", export_views.export_file, name="export_file"),
    re_path(
        rf"^reports/export/(?P<report>[a-z-]{{1,64}})/(?P<form>{'|'.join(FORMATS)})/$",
        export_views.export,
        name="export",
    ),
]
