"""The addresses of the API. Who asks is who made the token: a session counts nothing here."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

import structlog
from django.core.cache import cache
from django.http import Http404, HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from reports.access import token_opens
from reports.api.answers import headline, table_page
from reports.api.endpoints import Endpoint
from reports.api.openapi import description
from reports.api.problems import Problem, forbidden, not_found, too_many, unauthorised
from reports.api.subjects import Subject
from reports.models import ReportToken
from reports.registry import report_for
from reports.tokens import token_for

CALLS_A_MINUTE = 120
"""Of one token."""
WINDOW_SECONDS = 60

logger = structlog.get_logger(__name__)

Answer = Callable[..., HttpResponseBase]


def for_programs(view: Answer) -> Answer:
    """Safe methods only, nothing cached, and every error as a problem."""

    @wraps(view)
    def answered(request: HttpRequest, **rest: Any) -> HttpResponseBase:
        try:
            return view(request, **rest)
        except Problem as problem:
            return problem.response()
        except Http404:
            return not_found().response()

    return require_safe(never_cache(answered))


@require_safe
def describe(request: HttpRequest) -> JsonResponse:
    """What the API answers: OpenAPI 3.1. Open to everybody: it holds no figure."""
    return _json(description())


@for_programs
def national_headline(request: HttpRequest) -> JsonResponse:
    """The national count: with any token."""
    _token_of(request)
    return _json(headline())


@for_programs
def report(request: HttpRequest, endpoint: Endpoint, of: str | uuid.UUID = "") -> JsonResponse:
    """A page of the report of an endpoint, about an organisation's key or a cohort's uuid."""
    token = _token_of(request)
    subject = str(of)
    if (token.organisation is None) is not (endpoint.subject is Subject.NATION):
        raise forbidden("This token was made for other figures: of the nation, or of one place.")
    if not token_opens(token, endpoint.subject, subject):
        raise not_found()
    table = report_for(token.user, endpoint.report, request.GET, subject)
    return _json(table_page(table, request.GET))


@for_programs
def nothing(request: HttpRequest) -> JsonResponse:
    """Every other address below the API's."""
    raise not_found()


def _token_of(request: HttpRequest) -> ReportToken:
    scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not text:
        raise unauthorised("Send a token of /reports/tokens/ as Authorization: Bearer TOKEN.")
    token = token_for(text.strip())
    if token is None:
        raise unauthorised("This token opens nothing: it has ended or was revoked, or never was.")
    if _calls(token) > CALLS_A_MINUTE:
        raise too_many(WINDOW_SECONDS - int(time.time()) % WINDOW_SECONDS)
    return token


def _calls(token: ReportToken) -> int:
    """How often the token was shown in this minute, with this call. An outage refuses nobody."""
    key = f"reports:api:{token.pk}:{int(time.time()) // WINDOW_SECONDS}"
    try:
        cache.add(key, 0, timeout=2 * WINDOW_SECONDS)
        return cache.incr(key)
    except Exception as error:  # noqa: BLE001  # each cache backend raises errors of its own
        logger.warning("rate_limit_unavailable", error=str(error))
        return 0


def _json(body: object) -> JsonResponse:
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False})
