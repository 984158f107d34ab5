"""Every address of the site. tests/test_access_matrix.py refuses a route that it does not list."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from config import health

urlpatterns = [
    path("", include("learn.urls")),
    path("teach/", include("teach.urls")),
    path("api/teach/v1/", include("teach.urls.api")),
    path("organisations/", include("organisations.urls")),
    path("invite/", include("organisations.invite_urls")),
    path("", include("reports.urls")),
    path("accounts/", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
]
