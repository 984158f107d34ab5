"""Where allauth asks us."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts.models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Keeps the language of the person, and their way home."""

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """My learning, whoever signs in."""
        return reverse(settings.LOGIN_REDIRECT_URL)

    def post_login(self, request: HttpRequest, user: User, **rest: object) -> HttpResponse:
        """Answer in the person's own language from here on."""
        response: HttpResponse = super().post_login(request, user, **rest)
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            response.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, max_age=31_536_000)
        return response
