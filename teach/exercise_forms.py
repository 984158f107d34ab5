"""The form by which an exercise begins."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from courses.publishing.tables import KEY, LONGEST_KEY
from teach.edited_texts import LANGUAGE_NAMES
from teach.forms.registry import TITLES

RESERVED = ("figures",)


class NewExerciseForm(forms.Form):
    """Kind, titles in the languages of the course, and key."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[(name, title) for name, (title, _words) in TITLES.items()],
        widget=forms.RadioSelect,
        initial="choice",
    )
    key = forms.CharField(
        label=_("Key"),
        max_length=LONGEST_KEY,
        validators=[
            RegexValidator(
                rf"\A{KEY.pattern}\Z", _("Lower-case letters, digits and single hyphens.")
            )
        ],
        help_text=_(
            "Names the exercise for ever, such as digest-by-hand: learners' progress goes by it."
        ),
    )

    def __init__(self, data: Any, languages: list[str]) -> None:
        super().__init__(data)
        self.languages = languages
        for language in languages:
            name = LANGUAGE_NAMES.get(language, language)
            label = _("Title (%(language)s)") % {"language": name}
            self.fields[f"title_{language}"] = forms.CharField(label=label, max_length=200)
        self.order_fields([*(f"title_{one}" for one in languages), "key", "kind"])

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        if key in RESERVED:
            raise forms.ValidationError(_("This name is not for exercises."))
        return key

    def titles(self) -> dict[str, str]:
        """Language → title."""
        return {one: self.cleaned_data[f"title_{one}"] for one in self.languages}
