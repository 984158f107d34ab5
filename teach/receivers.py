"""At sign-in it is worked out whether the menu leads to the pages for teachers."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.models import User
from authoring.access import may_teach


@receiver(user_logged_in, dispatch_uid="teach.receivers")
def remember_who_teaches(
    sender: object, request: HttpRequest | None, user: object, **kwargs: Any
) -> None:
    """In the session, so that no page asks for it."""
    if request is not None and isinstance(user, User):
        request.session["teaches"] = may_teach(user)
