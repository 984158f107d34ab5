"""Errors of the API: application/problem+json (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from django.http import JsonResponse

CONTENT_TYPE = "application/problem+json"


class Problem(Exception):
    """An answer that is an error: raised by whatever finds it, sent by the view."""

    def __init__(
        self, status: HTTPStatus, detail: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers or {}

    def response(self) -> JsonResponse:
        """What is sent. `type` is the default of the RFC: the status says what is wrong."""
        body = {
            "type": "about:blank",
            "title": self.status.phrase,
            "status": self.status.value,
            "detail": self.detail,
        }
        return JsonResponse(
            body,
            status=self.status,
            content_type=CONTENT_TYPE,
            headers=dict(self.headers),
            json_dumps_params={"ensure_ascii": False},
        )


def unauthorised(detail: str) -> Problem:
    """No token, or one that opens nothing."""
    return Problem(HTTPStatus.UNAUTHORIZED, detail, {"WWW-Authenticate": "Bearer"})


def forbidden(detail: str) -> Problem:
    """A token of another scope."""
    return Problem(HTTPStatus.FORBIDDEN, detail)


def bad_request(detail: str) -> Problem:
    """A parameter that does not exist, or a value that it does not have."""
    return Problem(HTTPStatus.BAD_REQUEST, detail)


def not_found() -> Problem:
    """Nothing is there, or nothing that the token opens."""
    return Problem(HTTPStatus.NOT_FOUND, "There is nothing at this address for this token.")


def too_many(seconds: int) -> Problem:
    """More calls than a token has in a minute."""
    return Problem(
        HTTPStatus.TOO_MANY_REQUESTS,
        "This token has made too many calls. Wait for as long as Retry-After says.",
        {"Retry-After": str(seconds)},
    )
