from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "courses"

    def ready(self) -> None:
        import_module("courses.receivers")
