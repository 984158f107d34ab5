"""Proof, review, release, archives, git, item bank, imports and exports."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
