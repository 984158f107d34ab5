"""Forms of sign-up and of consent."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext_lazy as _

from accounts.actions import give_consent
from accounts.models import User
from accounts.provinces import Province
from accounts.types import WANTED_KEY

format_html_lazy = lazy(format_html, SafeString)


def _link(name: str, words: object) -> str:
    """A link that opens beside the form, so that nothing typed is lost."""
    return format_html_lazy('<a href="{}" target="_blank">{}</a>', reverse_lazy(name), words)


def language_choices() -> list[tuple[str, str]]:
    """Every language by its own name, which its speakers recognise."""
    return [(code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES]


class ConsentForm(forms.Form):
    """Agreement to the texts in force, each by its own box."""

    terms = forms.BooleanField(
        label=_("I agree to the terms of use."),
        help_text=_link("learn:terms", _("Read the terms of use")),
    )
    privacy = forms.BooleanField(
        label=_("I have read the privacy notice and agree to the processing that it describes."),
        help_text=_link("learn:privacy", _("Read the privacy notice")),
    )


class SignupForm(ConsentForm):
    """What we ask beyond e-mail and password. allauth mixes it into its own form."""

    name = forms.CharField(
        label=_("Name"),
        max_length=100,
        help_text=_("As it should stand on a credential."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(
        label=_("Preferred language"), choices=language_choices, initial=get_language
    )
    province = forms.ChoiceField(
        label=_("Province (optional)"),
        choices=[("", _("I would rather not say")), *Province.choices],
        required=False,
        help_text=_("Counted with others of your province, never shown with your name."),
    )
    field_order = [  # noqa: RUF012  # allauth's
        *("name", "email", "password1", "language", "province", "terms", "privacy"),
    ]

    def signup(self, request: HttpRequest, user: User) -> None:
        """Called by allauth when the person has been made."""
        user.name = self.cleaned_data["name"]
        user.language = self.cleaned_data["language"]
        user.province = self.cleaned_data["province"]
        user.save(update_fields=["name", "language", "province"])
        give_consent(user=user)
        wanted = request.POST.get("next", "")
        if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
            # Proving the address comes first, and forgets where the person was going.
            request.session[WANTED_KEY] = wanted
