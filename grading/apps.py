from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class GradingConfig(AppConfig):
    name = "grading"

    def ready(self) -> None:
        import_module("grading.receivers")
