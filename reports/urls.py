from __future__ import annotations

from django.urls import path, re_path

from reports.api import urls as api_urls
from reports.tables import FORMATS
from reports.views import cohorts, exports, national, organisations, public, subscriptions, tokens

app_name = "reports"
urlpatterns = [
    path("progress/", public.count, name="count"),
    path("reports/", national.nation, name="nation"),
    path("reports/definitions/", national.definitions, name="definitions"),
    path("reports/organisations/", national.organisations, name="organisations"),
    path("reports/exports/", exports.exports, name="exports"),
    path("reports/exports/<uuid:export_uuid>/", exports.export_page, name="export_page"),
    path("reports/exports/<uuid:export_uuid>/state/", exports.export_state, name="export_state"),
    path("reports/exports/<uuid:export_uuid>/file/", exports.export_file, name="export_file"),
    re_path(
        rf"^reports/export/(?P<report>[a-z-]{{1,64}})/(?P<form>{'|'.join(FORMATS)})/$",
        exports.export,
        name="export",
    ),
    path("reports/organisations/<slug:key>/", organisations.organisation, name="organisation"),
    path(
        "reports/organisations/<slug:key>/people/",
        organisations.organisation_people,
        name="organisation_people",
    ),
    path("reports/cohorts/<uuid:cohort_uuid>/", cohorts.cohort, name="cohort"),
    path(
        "reports/cohorts/<uuid:cohort_uuid>/gradebook/", cohorts.gradebook, name="cohort_gradebook"
    ),
    path(
        "reports/cohorts/<uuid:cohort_uuid>/learners/<uuid:person_uuid>/",
        cohorts.learner,
        name="cohort_learner",
    ),
    path("reports/subscriptions/", subscriptions.subscriptions, name="subscriptions"),
    path(
        "reports/subscriptions/<uuid:subscription_uuid>/end/",
        subscriptions.end_subscription,
        name="end_subscription",
    ),
    path(
        "reports/subscriptions/stop/<str:token>/",
        subscriptions.stop_subscription,
        name="stop_subscription",
    ),
    path("reports/tokens/", tokens.tokens, name="tokens"),
    path("reports/tokens/<uuid:token_uuid>/revoke/", tokens.revoke_token, name="revoke_token"),
    *api_urls.urlpatterns,
]
