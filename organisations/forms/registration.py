"""Asking the centre to verify an organisation, and the centre's answer."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Province
from organisations import credit_codes
from organisations.queries import is_registered


class RegistrationForm(forms.ModelForm[Organisation]):
    """What the centre must know of an organisation."""

    class Meta:
        model = Organisation
        fields: ClassVar = [
            *("name", "name_zh_hans", "kind", "province", "credit_code", "contact"),
        ]
        labels: ClassVar = {
            "name": _("Name in English"),
            "name_zh_hans": _("Name in Chinese"),
            "contact": _("How the centre can reach you"),
        }
        help_texts: ClassVar = {
            "name_zh_hans": _("As it stands in the register."),
            "credit_code": _(
                "18 digits and capital letters, from the certificate of registration."
            ),
            "contact": _("A telephone number or an e-mail address of your office."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("credit_code", "contact"):
            self.fields[name].required = True
        kind = self.fields["kind"]
        assert isinstance(kind, forms.TypedChoiceField)
        kind.choices = [
            ("", _("Choose")),
            *(each for each in Organisation.Kind.choices if each[0] != Organisation.Kind.CENTRE),
        ]
        province = self.fields["province"]
        assert isinstance(province, forms.TypedChoiceField)
        province.choices = [("", _("Choose")), *Province.choices]
        # A code that is written with spaces is longer than one that is kept.
        self.fields["credit_code"] = forms.CharField(
            label=self.fields["credit_code"].label,
            help_text=self.fields["credit_code"].help_text,
            max_length=40,
        )

    def clean_credit_code(self) -> str:
        """The code as it is kept, if its check sign is right and nobody has it."""
        code = credit_codes.tidy(self.cleaned_data["credit_code"])
        if not credit_codes.is_credit_code(code):
            raise forms.ValidationError(
                _(
                    "This is no unified social credit code: compare it sign by sign; "
                    "the last one checks the others."
                )
            )
        if is_registered(code, self.instance.pk):
            raise forms.ValidationError(
                _(
                    "An organisation with this code is registered. "
                    "Ask its administrators to invite you."
                )
            )
        return code


class DecisionForm(forms.Form):
    """The centre's answer to a registration."""

    decision = forms.ChoiceField(
        choices=[("verify", _("Approve")), ("refuse", _("Refuse"))], widget=forms.HiddenInput
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Who registered it reads this. Needed to refuse."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        """Whoever refuses says why."""
        cleaned = super().clean() or {}
        if cleaned.get("decision") == "refuse" and not cleaned.get("reason"):
            self.add_error("reason", _("Say why, so that they can mend it."))
        return cleaned
