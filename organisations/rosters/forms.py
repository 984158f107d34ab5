"""A list of people, and what is to become of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Cohort, RosterUpload, User
from organisations.access import Scope
from organisations.rosters.types import MOST_BYTES


class UploadForm(forms.Form):
    """A file and the four choices. Nothing is read here: that is the work of another process."""

    file = forms.FileField(
        label=_("List of people"),
        help_text=_("CSV, xlsx, or OneRoster 1.2 CSV as a zip; at most 10 MiB and 100,000 rows."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.zip"}),
    )
    cohort = forms.ModelChoiceField(
        label=_("Cohort of those whose row names none"),
        queryset=Cohort.objects.none(),
        to_field_name="uuid",
        required=False,
        empty_label=_("None: they keep the cohort that they have"),
    )
    whole = forms.ChoiceField(
        label=_("If some rows cannot be taken"),
        choices=[("good", _("Take the good rows")), ("none", _("Take none"))],
        initial="good",
        widget=forms.RadioSelect,
    )
    removes_missing = forms.BooleanField(
        label=_("Take the place of everybody who is not in the list"),
        required=False,
        help_text=_("Only places that a list or an invitation made; you see them before."),
    )
    sends_mail = forms.BooleanField(
        label=_("Send a letter to who is added"), required=False, initial=True
    )

    def __init__(self, scope: Scope, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.scope = scope
        cohorts = scope.cohorts().filter(ends_on__gte=timezone.localdate())
        field = self.fields["cohort"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = cohorts
        if not scope.is_whole:
            field.empty_label = _("None: each row names its own")

    def clean_file(self) -> UploadedFile[Any]:
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 10 MiB."))
        return file

    def save(self, user: User) -> RosterUpload:
        """The upload that waits to be read."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        return RosterUpload.objects.create(
            organisation=self.scope.organisation,
            cohort=self.cleaned_data["cohort"],
            uploaded_by=user,
            file_name=(file.name or "")[:200],
            content=file.read(),
            keeps_good_rows=self.cleaned_data["whole"] == "good",
            removes_missing=self.cleaned_data["removes_missing"],
            sends_mail=self.cleaned_data["sends_mail"],
        )
