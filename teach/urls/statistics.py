"""Whether exercises teach; submissions."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
