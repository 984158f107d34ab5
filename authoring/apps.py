from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class AuthoringConfig(AppConfig):
    name = "authoring"

    def ready(self) -> None:
        import_module("authoring.receivers")
