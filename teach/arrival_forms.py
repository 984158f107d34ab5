"""What people fill in to bring a course in as files."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from authoring.models import GitSource
from interop.archives import LIMITS, size_words

LIVES = [(30, _("30 days")), (90, _("90 days")), (365, _("a year"))]


class UploadForm(forms.Form):
    """An archive of the whole course."""

    archive = forms.FileField(
        label=_("Archive (.zip, .tar.gz)"),
        help_text=_("Nothing is taken before you have seen what it would change."),
    )
    base = forms.IntegerField(
        label=_("Written on revision"),
        min_value=1,
        max_value=10**9 - 1,
        required=False,
        help_text=_("Empty: the one that the archive was downloaded as, or the newest."),
    )

    def clean_archive(self) -> Any:
        archive = self.cleaned_data["archive"]
        if archive.size > LIMITS.packed:
            most = size_words(LIMITS.packed)
            raise forms.ValidationError(_("An archive has %(most)s at most.") % {"most": most})
        return archive


class GitForm(forms.ModelForm[GitSource]):
    """The repository from which a workspace fetches."""

    class Meta:
        model = GitSource
        fields = ("url", "branch", "folder")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["url"].widget.attrs["placeholder"] = "https://"
        self.fields["branch"].help_text = _("Empty: the one that the repository points to.")
        self.fields["folder"].help_text = _("Empty: course.toml lies at the top.")


class UploadTokenForm(forms.Form):
    """A token for a program that sends files."""

    name = forms.CharField(
        label=_("What it is for"), max_length=100, help_text=_("So that you know it later.")
    )
    days = forms.TypedChoiceField(label=_("Ends after"), coerce=int, choices=LIVES, initial=90)
