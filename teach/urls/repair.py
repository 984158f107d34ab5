"""Regrades, overrides, requests, extensions."""

from __future__ import annotations

from django.urls import URLPattern, path

from teach.views import repair, repair_deadlines, repair_requests

ONE = "<slug:course_key>/repair/"
REGRADE = ONE + "regrades/<uuid:regrade_uuid>/"
TRY = ONE + "tries/<uuid:try_uuid>/"
REQUEST = ONE + "requests/<uuid:request_uuid>/"
EXTENSIONS = ONE + "extensions/"

urlpatterns: list[URLPattern] = [
    path(ONE, repair.repair, name="repair"),
    path(ONE + "exercises/<slug:exercise_key>/", repair.regrade_new, name="regrade_new"),
    path(REGRADE, repair.regrade, name="regrade"),
    path(REGRADE + "apply/", repair.regrade_applied, name="regrade_applied"),
    path(REGRADE + "abandon/", repair.regrade_abandoned, name="regrade_abandoned"),
    path(TRY, repair.override_try, name="override"),
    path(TRY + "withdraw/", repair.override_withdrawn, name="override_withdrawn"),
    path(ONE + "requests/", repair_requests.requests, name="requests"),
    path(REQUEST, repair_requests.request_thread, name="request"),
    path(REQUEST + "decide/", repair_requests.request_decided, name="request_decided"),
    path(ONE + "deadlines/", repair_deadlines.deadlines, name="deadlines"),
    path(EXTENSIONS, repair_deadlines.extension_new, name="extension_new"),
    path(
        EXTENSIONS + "<int:extension_pk>/withdraw/",
        repair_deadlines.extension_withdrawn,
        name="extension_withdrawn",
    ),
]
