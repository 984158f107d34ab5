"""Having oneself erased: what must be typed first, and what stands in the way."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organisation, User


class EraseForm(forms.Form):
    """The person types their own address and, where they have one, their password."""

    email = forms.CharField(
        label=_("Type your e-mail address"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "email"}),
    )
    password = forms.CharField(
        label=_("Password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, data: Any, person: User) -> None:
        super().__init__(data)
        self.person = person
        if not person.has_usable_password():
            del self.fields["password"]

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if email.strip().casefold() != self.person.email.casefold():
            raise forms.ValidationError(_("This is not the address of this account."))
        return email

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not self.person.check_password(password):
            raise forms.ValidationError(_("This is not your password."))
        return password


def administered_alone(person: User) -> list[Organisation]:
    """Organisations that nobody else administers as a whole, by name. 1 query."""
    whole = Membership.objects.filter(role=Membership.Role.ADMINISTRATOR, department=None)
    others = whole.filter(organisation=OuterRef("pk")).exclude(user=person)
    own = Organisation.objects.filter(pk__in=whole.filter(user=person).values("organisation"))
    return list(own.filter(~Exists(others)).order_by("name"))
