from __future__ import annotations

from django.urls import path, re_path

from reports.api import views
from reports.api.endpoints import ENDPOINTS, ROOT, route_of

BELOW = ROOT.removeprefix("/")

urlpatterns = [
    path(f"{BELOW}openapi.json", views.describe, name="api_description"),
    path(f"{BELOW}headline", views.national_headline, name="api_headline"),
    *(path(route_of(each), views.report, {"endpoint": each}, each.name) for each in ENDPOINTS),
    re_path(rf"^{BELOW}(?:.*)$", views.nothing, name="api_nothing"),
]
