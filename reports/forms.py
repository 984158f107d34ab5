"""What people fill in on the pages of reports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

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
