"""What people fill in to publish a course."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from authoring.models import Publication, Remark
from courses.models import Release
from courses.policy import Finding
from courses.publishing.files import Texts

LANGUAGE_NAMES = {"en": _("In English"), "zh-hans": _("In Chinese")}
LONGEST_NOTES = 4000


class NotesForm(forms.Form):
    """What changed, in every language of the course, and what it is to learners in the middle."""

    for_learners = forms.ChoiceField(
        label=_("Learners in the middle"),
        choices=Release.ForLearners.choices,
        widget=forms.RadioSelect,
    )

    def __init__(self, data: Any, publication: Publication, languages: Sequence[str]) -> None:
        super().__init__(data, initial={"for_learners": publication.for_learners})
        self._languages = languages
        for language in languages:
            self.fields[_field(language)] = forms.CharField(
                label=LANGUAGE_NAMES[language],
                required=False,
                max_length=LONGEST_NOTES,
                initial=publication.notes.get(language, ""),
                widget=forms.Textarea(attrs={"rows": 5, "lang": _tag(language)}),
            )

    @property
    def notes(self) -> list[forms.BoundField]:
        """The fields of the notes, in the course's order of languages."""
        return [self[_field(language)] for language in self._languages]

    def texts(self) -> Texts:
        """Of a valid form: language → words, without empty ones."""
        found = {one: self.cleaned_data[_field(one)].strip() for one in self._languages}
        return {language: words for language, words in found.items() if words}


class RemarkForm(forms.Form):
    """A comment, consent, or that it needs more work; sending back wants words."""

    kind = forms.ChoiceField(choices=Remark.Kind.choices, widget=forms.HiddenInput)
    number = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("What you say"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("kind") != Remark.Kind.CONSENT and not cleaned.get("text", "").strip():
            self.add_error("text", _("Say it in words."))
        return cleaned


class OverrideForm(forms.Form):
    """A written reason for which one finding may stand. `finding` is which, of those there are."""

    file = forms.CharField(widget=forms.HiddenInput)
    rule = forms.CharField(widget=forms.HiddenInput)
    excerpt = forms.CharField(widget=forms.HiddenInput, strip=False)
    reason = forms.CharField(
        label=_("Why it may stand"), min_length=10, max_length=2000, widget=forms.Textarea
    )

    def finding_in(self, found: Sequence[Finding]) -> Finding | None:
        """Of a valid form: the finding that is meant; None when it is gone."""
        meant = tuple(self.cleaned_data[name] for name in ("file", "rule", "excerpt"))
        same = (one for one in found if (one.file, one.rule, one.excerpt) == meant)
        return next(same, None)


def _field(language: str) -> str:
    return f"notes_{language.replace('-', '_')}"


def _tag(language: str) -> str:
    """The language as HTML names it."""
    return "zh-Hans" if language == "zh-hans" else language
