"""Inviting by letters and by links, and telling people something."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Announcement, Cohort, InviteLink, Membership
from organisations.access import Scope
from organisations.addresses import Addresses, read_addresses
from organisations.forms.cohorts import day_input

MOST_ADDRESSES = 2000
"""Of one list; who has more uploads a roster."""
LINK_DAYS = 30
MOST_LINK_DAYS = 366


def cohort_field(scope: Scope) -> forms.ModelChoiceField[Cohort]:
    """One of the cohorts that have not ended; who administers a department must choose."""
    today = timezone.localdate()
    return forms.ModelChoiceField(
        label=_("Cohort"),
        queryset=scope.cohorts().filter(ends_on__gte=today),
        to_field_name="uuid",
        required=not scope.is_whole,
        empty_label=_("none: only the organisation"),
    )


class LettersForm(forms.Form):
    """A list of addresses to invite by letter."""

    addresses = forms.CharField(
        label=_("E-mail addresses"),
        help_text=_("One on each line; a name may stand beside it: Lin Xiaoman, lin@example.org"),
        max_length=400_000,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
    )

    def __init__(self, data: Any, scope: Scope) -> None:
        super().__init__(data, auto_id="id_letters_%s")
        self.fields["cohort"] = cohort_field(scope)

    def clean_addresses(self) -> str:
        """The list as it was typed, if it is not too long."""
        text: str = self.cleaned_data["addresses"]
        self.read: Addresses = read_addresses(text)
        if len(self.read.lines) > MOST_ADDRESSES:
            raise forms.ValidationError(
                _("At most %(most)s addresses at a time. Upload a roster for more."),
                params={"most": MOST_ADDRESSES},
            )
        return text


class LinkForm(forms.ModelForm[InviteLink]):
    """A link that lets whoever has it join."""

    ends_on = forms.DateField(label=_("Good until"), widget=day_input())

    class Meta:
        model = InviteLink
        fields: ClassVar = ["role", "most_uses"]
        help_texts: ClassVar = {"most_uses": _("How many people may use it. Empty: any number.")}

    def __init__(self, data: Any, scope: Scope, **rest: Any) -> None:
        super().__init__(
            data, instance=InviteLink(organisation=scope.organisation), auto_id="id_link_%s", **rest
        )
        self.fields["cohort"] = cohort_field(scope)
        self.order_fields(["role", "cohort", "most_uses", "ends_on"])
        self.fields["ends_on"].initial = timezone.localdate() + datetime.timedelta(days=LINK_DAYS)
        role = self.fields["role"]
        assert isinstance(role, forms.TypedChoiceField)
        # A link goes astray; who administers is named by hand, and a department has learners only.
        forbidden = {Membership.Role.ADMINISTRATOR.value}
        if not scope.is_whole:
            forbidden |= {Membership.Role.INSTRUCTOR.value, Membership.Role.REVIEWER.value}
        role.choices = [each for each in Membership.Role.choices if each[0] not in forbidden]

    def clean_most_uses(self) -> int | None:
        uses: int | None = self.cleaned_data["most_uses"]
        if uses == 0:
            raise forms.ValidationError(_("At least one person must be able to use it."))
        return uses

    def clean_ends_on(self) -> datetime.date:
        """A day from today on, within a year."""
        day: datetime.date = self.cleaned_data["ends_on"]
        today = timezone.localdate()
        if not today <= day <= today + datetime.timedelta(days=MOST_LINK_DAYS):
            raise forms.ValidationError(_("Choose a day from today on, within a year."))
        return day

    def link(self) -> InviteLink:
        """The link, unsaved. It ends with the end of its last day."""
        link = self.save(commit=False)
        link.cohort = self.cleaned_data["cohort"]
        last = datetime.datetime.combine(self.cleaned_data["ends_on"], datetime.time.max)
        link.expires_at = timezone.make_aware(last)
        return link


class CohortAnnouncementForm(forms.ModelForm[Announcement]):
    """Something to tell a cohort, which is chosen already."""

    class Meta:
        model = Announcement
        fields: ClassVar = ["subject", "body", "sends_mail"]
        widgets: ClassVar = {"body": forms.Textarea(attrs={"rows": 8})}


class AnnouncementForm(CohortAnnouncementForm):
    """Something to tell a cohort, which is to be chosen, or all learners."""

    def __init__(self, data: Any, cohorts: Any, *, must_choose: bool, **rest: Any) -> None:
        super().__init__(data, **rest)
        self.fields["cohort"] = forms.ModelChoiceField(
            label=_("For"),
            queryset=cohorts,
            to_field_name="uuid",
            required=must_choose,
            empty_label=None if must_choose else _("all learners of the organisation"),
        )
        self.order_fields(["cohort", "subject", "body", "sends_mail"])
