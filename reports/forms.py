"""What people fill in on the pages of reports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.models import ReportSubscription
from reports.subscriptions import Subject
from reports.tokens import Scope

LIVES = [(30, _("30 days")), (90, _("90 days")), (365, _("a year"))]


class TokenForm(forms.Form):
    """A token for a program that reads figures."""

    name = forms.CharField(
        label=_("What it is for"), max_length=100, help_text=_("So that you know it later.")
    )
    scope = forms.ChoiceField(label=_("Figures of"))
    days = forms.TypedChoiceField(label=_("Ends after"), coerce=int, choices=LIVES, initial=90)

    def __init__(self, data: Any, scopes: Sequence[Scope]) -> None:
        super().__init__(data)
        self._scopes = {scope.key: scope for scope in scopes}
        field = self.fields["scope"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(scope.key, scope.title) for scope in scopes]

    @property
    def chosen_scope(self) -> Scope:
        """Of a valid form."""
        return self._scopes[self.cleaned_data["scope"]]


class SubscriptionForm(forms.Form):
    """A report that comes by e-mail from now on."""

    subject = forms.ChoiceField(label=_("Report"))
    rhythm = forms.ChoiceField(label=_("How often"), choices=ReportSubscription.Rhythm.choices)

    def __init__(self, data: Any, subjects: Sequence[Subject], chosen: str) -> None:
        super().__init__(data, initial={"subject": chosen})
        self._subjects = {subject.key: subject for subject in subjects}
        field = self.fields["subject"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(subject.key, subject.title) for subject in subjects]

    @property
    def chosen_subject(self) -> Subject:
        """Of a valid form."""
        return self._subjects[self.cleaned_data["subject"]]
