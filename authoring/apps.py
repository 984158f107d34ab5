from __future__ import annotations

from django.apps import AppConfig


class AuthoringConfig(AppConfig):
    name = "authoring"
