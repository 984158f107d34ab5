"""Where allauth asks us."""

from __future__ import annotations

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.sites.requests import RequestSite
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from accounts.models import User
from accounts.types import WANTED_KEY


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Keeps the language of the person, and signs letters by the name of the site."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A letter from Chainwright; allauth would name the host and its port."""
        site = RequestSite(self.request)
        site.name = "Chainwright"
        super().send_mail(template_prefix, email, {**context, "current_site": site})

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Where the person wanted to go when they signed up, the first time; else as ever."""
        wanted: str = request.session.pop(WANTED_KEY, "")
        return wanted or str(super().get_login_redirect_url(request))

    def post_login(self, request: HttpRequest, user: User, **rest: object) -> HttpResponse:
        """Answer in the person's own language from here on, whoever used this browser before."""
        response: HttpResponse = super().post_login(request, user, **rest)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            user.language,
            max_age=31_536_000,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
        return response


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Takes the one name that we keep from what an OpenID Connect provider says."""

    def populate_user(
        self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]
    ) -> User:
        """A person with e-mail and name as suggestions; the sign-up form asks for the rest."""
        user: User = super().populate_user(request, sociallogin, data)
        parts = (data.get("first_name"), data.get("last_name"))
        user.name = data.get("name") or " ".join(part for part in parts if part)
        return user

    def get_signup_form_initial_data(self, sociallogin: SocialLogin) -> dict[str, Any]:
        """What the sign-up form shows of what the provider said."""
        initial: dict[str, Any] = super().get_signup_form_initial_data(sociallogin)
        return {**initial, "name": sociallogin.user.name}


def secret_box() -> MultiFernet:
    """Encrypts by SECRET_KEY, decrypts by it and by those before it (SECRET_KEY_FALLBACKS)."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [
        salted_hmac("accounts.second_factor", "", secret=key, algorithm="sha256").digest()
        for key in keys
    ]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Keeps the secrets of authenticator apps and recovery codes encrypted in the database."""

    def encrypt(self, text: str) -> str:
        return secret_box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return secret_box().decrypt(encrypted_text.encode()).decode()
