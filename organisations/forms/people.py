"""Settings of an organisation, its departments, its people and their roles."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, Membership, Organisation, User
from organisations.access import Scope

GIVEN_ROLES = [
    (role.value, role.label) for role in Membership.Role if role != Membership.Role.LEARNER
]
"""Whoever learns comes by a cohort or an invitation."""


class SettingsForm(forms.ModelForm[Organisation]):
    """What an organisation says about itself; what the centre verified stays as it is."""

    class Meta:
        model = Organisation
        fields: ClassVar = ["name", "name_zh_hans", "contact"]
        labels: ClassVar = {
            "name": _("Name in English"),
            "name_zh_hans": _("Name in Chinese"),
        }


class DepartmentForm(forms.ModelForm[Department]):
    """A department by its name, which no other of the organisation has."""

    class Meta:
        model = Department
        fields: ClassVar = ["name"]
        labels: ClassVar = {"name": _("Name of the department")}

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = Department.objects.filter(organisation=self.instance.organisation, name=name)
        if others.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("A department has this name already."))
        return name


class WordsForm(forms.Form):
    """Search by name or address. It lives in the address."""

    q = forms.CharField(label=_("Name or e-mail address"), max_length=100, required=False)

    def words(self) -> str:
        self.is_valid()
        words: str = self.cleaned_data.get("q", "")
        return words


class PeopleForm(forms.Form):
    """Search among people. It lives in the address."""

    q = forms.CharField(label=_("Name or e-mail address"), max_length=100, required=False)
    role = forms.ChoiceField(
        label=_("Role"), choices=[("", _("Any")), *Membership.Role.choices], required=False
    )

    def words(self) -> tuple[str, str]:
        """Words and role. A value that is no choice, as in an old link, is as good as none."""
        self.is_valid()
        return self.cleaned_data.get("q", ""), self.cleaned_data.get("role", "")


class MergeForm(forms.Form):
    """The administrator says that the person was asked."""

    is_asked = forms.BooleanField(
        label=_("I have asked the person: both accounts are theirs, and this one is to stay.")
    )


class RoleForm(forms.Form):
    """A role to give, and the department to which it is limited."""

    role = forms.ChoiceField(label=_("Role"), choices=GIVEN_ROLES)
    department = forms.ModelChoiceField(
        label=_("Limited to"),
        queryset=Department.objects.none(),
        to_field_name="uuid",
        required=False,
        empty_label=_("the whole organisation"),
    )

    def __init__(self, data: Any, scope: Scope, person: User) -> None:
        super().__init__(data)
        self.scope, self.person = scope, person
        field = self.fields["department"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = scope.departments()
        if not scope.is_whole:
            field.required = True
            field.empty_label = None

    def clean(self) -> dict[str, Any]:
        """Who administers a department does not narrow a role that reaches beyond it."""
        cleaned = super().clean() or {}
        if not self.scope.is_whole and "role" in cleaned:
            held = Membership.objects.filter(
                user=self.person, organisation=self.scope.organisation, role=cleaned["role"]
            )
            if held.exclude(department=self.scope.department).exists():
                self.add_error("role", _("They hold this role beyond your department."))
        return cleaned
