from __future__ import annotations

from django.apps import AppConfig


class TeachConfig(AppConfig):
    name = "teach"
