"""Looking for an exercise, and where it is to go."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from authoring.types import Outline
from teach.forms.registry import TITLES


class BankForm(forms.Form):
    """What to look for."""

    q = forms.CharField(label=_("Words, competency or key"), required=False, max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", _("all")),
            *((kind, title) for kind, (title, _words) in TITLES.items()),
        ]

    def filters(self) -> dict[str, str]:
        """What of the form is valid; '' for the rest."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in ("q", "kind")}


class CopyForm(forms.Form):
    """Into which lesson."""

    lesson = forms.ChoiceField(label=_("Into the lesson"))

    def __init__(self, data: Any, outline: Outline) -> None:
        super().__init__(data)
        language = "zh-hans" if (get_language() or "").startswith("zh") else "en"
        field = self.fields["lesson"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (lesson.folder, lesson.title.get(language) or lesson.folder)
            for module in outline.modules
            for lesson in module.lessons
        ]
