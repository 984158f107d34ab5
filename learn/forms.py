"""What people fill in on the site pages."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.http import Http404
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from accounts.access import cohort_with_code
from accounts.models import Cohort, User
from courses.types import CatalogueFilters
from learn.vocabulary import LEVELS, TOPICS

EFFORTS = [
    ("5", _("up to 5 hours")),
    ("15", _("up to 15 hours")),
    ("40", _("up to 40 hours")),
]

NO_SUCH_COHORT = _(
    "No running cohort has this code. Compare it with what your instructor sent, "
    "or ask whether the cohort has ended."
)


class CatalogueForm(forms.Form):
    """Search and filters of the catalogue. They live in the address, so a view can be shared."""

    q = forms.CharField(label=_("Search"), max_length=100, required=False)
    topic = forms.ChoiceField(label=_("Topic"), required=False)
    level = forms.ChoiceField(label=_("Level"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)
    effort = forms.ChoiceField(label=_("Effort"), required=False)
    provider = forms.ChoiceField(label=_("Provider"), required=False)

    def __init__(self, data: Any, providers: list[str]) -> None:
        super().__init__(data)
        languages = [
            (code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES
        ]
        choices: dict[str, list[tuple[str, Any]]] = {
            "topic": list(TOPICS.items()),
            "level": list(LEVELS.items()),
            "language": languages,
            "effort": EFFORTS,
            "provider": [(provider, provider) for provider in providers],
        }
        for name, values in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("Any")), *values]

    def filters(self) -> CatalogueFilters:
        """What is looked for. A value that no choice has, as in an old link, is as good as none."""
        self.is_valid()
        asked = self.cleaned_data
        effort = asked.get("effort", "")
        return CatalogueFilters(
            q=asked.get("q", ""),
            topic=asked.get("topic", ""),
            level=asked.get("level", ""),
            language=asked.get("language", ""),
            max_hours=int(effort) if effort else None,
            provider=asked.get("provider", ""),
        )

    def in_force(self) -> list[tuple[str, str]]:
        """Words of every filter that is set, and the address without it."""
        self.is_valid()
        return [
            (self._words(name, value), self._address_without(name))
            for name, value in self.cleaned_data.items()
            if value
        ]

    def _words(self, name: str, value: str) -> str:
        field = self.fields[name]
        if not isinstance(field, forms.ChoiceField):
            return value
        return next(str(words) for code, words in field.choices if code == value)  # type: ignore[misc,union-attr]

    def _address_without(self, name: str) -> str:
        rest = {key: value for key, value in self.cleaned_data.items() if value and key != name}
        return f"?{urlencode(rest)}"


class EnrolForm(forms.Form):
    """With whom somebody takes a course: one of their cohorts, or on their own."""

    cohort = forms.ModelChoiceField(
        label=_("Study with"),
        queryset=Cohort.objects.none(),
        to_field_name="uuid",
        required=False,
        empty_label=_("on my own"),
    )

    def __init__(self, data: Any, cohorts: list[Cohort]) -> None:
        super().__init__(data, initial={"cohort": cohorts[0].uuid if cohorts else None})
        field = self.fields["cohort"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Cohort.objects.filter(pk__in=[cohort.pk for cohort in cohorts])


class ProfileForm(forms.ModelForm[User]):
    """What a person says about themselves."""

    class Meta:
        model = User
        fields: ClassVar = ["name", "language", "province"]
        help_texts: ClassVar = {
            "name": _("As it should stand on a credential."),
            "province": _("Counted with others of your province, never shown with your name."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["language"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [
            (code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES
        ]


class JoinForm(forms.Form):
    """The code of a cohort, as somebody read it aloud."""

    code = forms.CharField(
        label=_("Code of the cohort"),
        help_text=_("Eight letters and digits, from your instructor. Case does not matter."),
        max_length=16,
    )

    def clean_code(self) -> str:
        """The code as it is kept."""
        try:
            return cohort_with_code(self.cleaned_data["code"]).join_code
        except Http404:
            raise forms.ValidationError(NO_SUCH_COHORT) from None


class AskForm(forms.Form):
    """What a learner says about a verdict."""

    words = forms.CharField(
        label=_("What you want to say"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
