"""The design system, shown with what it is made of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from learn.ledger_showcase import showcase

_TOKEN = re.compile(r"^    --([\w-]+):\s*([^;]+);", re.MULTILINE)
_NUMBERED = re.compile(r"(text|space)-.*")


class ExampleForm(forms.Form):
    """One field of each sort, one of them wrong."""

    name = forms.CharField(label=_("Name"), help_text=_("As it should stand on a credential."))
    level = forms.ChoiceField(label=_("Level"), choices=[("a", _("Foundations"))])
    points = forms.IntegerField(label=_("Points"))
    agree = forms.BooleanField(label=_("I have read the terms"), required=False)


@cache
def tokens() -> Mapping[str, list[tuple[str, str]]]:
    """Group → (name, value) of every token of the light theme, from static/css/tokens.css."""
    path = finders.find("css/tokens.css")
    assert isinstance(path, str), "tokens.css is one of our static files"
    with open(path, encoding="utf-8") as file:  # noqa: PTH123
        light = file.read().split(":root:lang(zh)")[0]
    groups: dict[str, list[tuple[str, str]]] = {"colour": [], "text": [], "space": [], "other": []}
    for name, value in _TOKEN.findall(light):
        numbered = _NUMBERED.fullmatch(name)
        group = numbered[1] if numbered else "colour" if value.startswith("#") else "other"
        groups[group].append((name, " ".join(value.split())))
    return groups


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every token and component. For staff, and for everybody while DEBUG is on."""
    if not (settings.DEBUG or request.user.is_staff):
        raise Http404("The style guide is for staff.")
    context: dict[str, Any] = {
        "tokens": tokens(),
        "form": ExampleForm({"name": "", "level": "a", "points": "many"}),
        "page": Paginator(range(60), 20).page(2),
        "ledgers": showcase(),
    }
    return render(request, "learn/styleguide.html", context)
