from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class TeachConfig(AppConfig):
    name = "teach"

    def ready(self) -> None:
        import_module("teach.receivers")
