"""What people fill in to bring exercises in from another system, and to take them out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from interop.actions import INPUTS, OUTPUTS
from interop.types import Texts

LANGUAGE_NAMES = {"en": "English", "zh-hans": "中文"}
LARGEST = 32 * 1024 * 1024
"""Bytes of an upload, as `interop` reads at most."""


def words_of(text: Texts) -> str:
    """What the current language has of a text of interop."""
    return text.get(get_language() or "en") or text["en"]


class ImportForm(forms.Form):
    """A file of another system."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("At most 32 MB. Nothing is written before you have seen what came out."),
    )
    format = forms.ChoiceField(label=_("Format"), required=False)
    language = forms.ChoiceField(label=_("Language of its words"))

    def __init__(self, languages: Sequence[str], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        known = [(one.key, words_of(one.name)) for one in INPUTS]
        self.fields["format"].choices = [("", _("find out")), *known]  # type: ignore[attr-defined]
        self.fields["language"].choices = language_choices(languages)  # type: ignore[attr-defined]
        self.fields["language"].initial = get_language()

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("This file is larger than 32 MB."))
        return file


class ApplyForm(forms.Form):
    """What to do about the languages that the import does not have."""

    fill = forms.BooleanField(
        label=_("Put the same words into the other languages of the course, to be translated"),
        help_text=_("Without this, the course has faults until they are translated."),
        required=False,
        initial=True,
    )


class ExportForm(forms.Form):
    """A format to take the course out in."""

    format = forms.ChoiceField(label=_("Format"))
    language = forms.ChoiceField(label=_("Language"))

    def __init__(self, languages: Sequence[str], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        known = [(one.key, words_of(one.name)) for one in OUTPUTS]
        self.fields["format"].choices = known  # type: ignore[attr-defined]
        self.fields["language"].choices = language_choices(languages)  # type: ignore[attr-defined]
        self.fields["language"].initial = get_language()


def language_choices(languages: Sequence[str]) -> list[tuple[str, str]]:
    """The languages of a course by their own names."""
    return [(one, LANGUAGE_NAMES.get(one, one)) for one in languages]
