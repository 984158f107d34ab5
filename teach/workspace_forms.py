"""Beginning a course, and who writes in it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from authoring.access import organisations_to_write_for
from authoring.models import WorkspaceMember
from courses.publishing.files import Texts
from courses.publishing.tables import KEY, LANGUAGES, LONGEST_KEY
from teach.pages import organisation_name

RESERVED = {"new", "preview", "bank", "import"}
"""Keys that would hide a page of this site."""
LONGEST_TITLE = 200


class KeyField(forms.CharField):
    """A key as in addresses: lower-case letters, digits and single hyphens."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            max_length=LONGEST_KEY,
            help_text=_(
                "Lower-case letters, digits and single hyphens, such as hashes-and-blocks."
            ),
            **options,
        )
        self.widget.attrs.update({"autocapitalize": "none", "spellcheck": "false"})

    def clean(self, value: Any) -> str:
        key: str = super().clean(value)
        if key and not KEY.fullmatch(key):
            raise forms.ValidationError(
                _("A key has lower-case letters, digits and single hyphens, and nothing else.")
            )
        return key


class TitlesForm(forms.Form):
    """A title in each language of a course. `titles()` has those that were given."""

    title_en = forms.CharField(label=_("Title in English"), max_length=LONGEST_TITLE)
    title_zh_hans = forms.CharField(
        label=_("Title in Chinese"),
        max_length=LONGEST_TITLE,
        widget=forms.TextInput(attrs={"lang": "zh-Hans"}),
    )

    def titles(self) -> Texts:
        """Language → title, of a form that is valid."""
        found = {
            language: self.cleaned_data.get(f"title_{language.replace('-', '_')}", "")
            for language in LANGUAGES
        }
        return {language: words for language, words in found.items() if words}


class PartForm(TitlesForm):
    """A module or a lesson, new (with a key) or to be renamed, in the languages of its course."""

    key = KeyField(label=_("Key"), required=False)
    field_order = ("title_en", "title_zh_hans", "key")

    def __init__(
        self, data: Any, languages: list[str], *, is_new: bool = True, **options: Any
    ) -> None:
        super().__init__(data, **options)
        for language in LANGUAGES:
            if languages and language not in languages:
                del self.fields[f"title_{language.replace('-', '_')}"]
        if is_new:
            self.fields["key"].help_text = _(
                "Part of addresses, for ever. Leave it empty to take it from the English title."
            )
        else:
            del self.fields["key"]

    def made_key(self) -> str:
        """The key that was given, or one made of the English title; '' where none can be made."""
        given: str = self.cleaned_data["key"]
        return given or slugify(self.cleaned_data.get("title_en", ""))[:LONGEST_KEY].strip("-_")


class MoveForm(forms.Form):
    """Where something goes: `in:place`, the place counted from 0; without a place, the end."""

    place = forms.RegexField(r"[\w.-]*:\d{0,6}")

    def words(self) -> tuple[str, int | None]:
        """In what, and at which place; what cannot be read is the end of what it is in."""
        if not self.is_valid():
            return "", None
        within, _sign, number = self.cleaned_data["place"].partition(":")
        return within, int(number) if number else None


class OrganisationField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not one at run time
    """An organisation, in Chinese where it has a name in Chinese and that is read."""

    def label_from_instance(self, obj: Organisation) -> str:
        return organisation_name(obj)


class NewCourseForm(TitlesForm):
    """A course to begin. Its languages are those in which it has a title."""

    organisation = OrganisationField(
        label=_("Organisation"),
        queryset=Organisation.objects.none(),
        to_field_name="key",
        empty_label=None,
    )
    course_key = KeyField(label=_("Key"))
    needs_review = forms.BooleanField(
        label=_("Somebody who did not write it consents to each release"),
        required=False,
        initial=True,
    )
    field_order = ("title_en", "title_zh_hans", "course_key", "organisation", "needs_review")

    def __init__(self, data: Any, user: User) -> None:
        super().__init__(data)
        self.user = user
        self.organisations = organisations_to_write_for(user)
        organisation = self.fields["organisation"]
        assert isinstance(organisation, forms.ModelChoiceField)
        organisation.queryset = self.organisations
        for name in ("title_en", "title_zh_hans"):
            self.fields[name].required = False
        self.fields["title_en"].help_text = _(
            "Leave one of the titles empty for a course in one language."
        )
        self.fields["course_key"].help_text = _(
            "Part of every address of the course, for ever. Lower-case letters, digits and single "
            "hyphens, such as hashes-and-blocks."
        )

    def clean_course_key(self) -> str:
        key: str = self.cleaned_data["course_key"]
        if key in RESERVED:
            raise forms.ValidationError(_("This key is needed for another page. Take another one."))
        return key

    def clean(self) -> None:
        super().clean()
        if not self.titles():
            self.add_error("title_en", _("A course needs a title."))


class InviteForm(forms.Form):
    """Somebody of the organisation to let in."""

    email = forms.EmailField(label=_("E-mail address"))
    role = forms.ChoiceField(
        label=_("Role"),
        choices=WorkspaceMember.Role.choices,
        help_text=_(
            "Authors write. Editors write, invite, publish and regrade. Reviewers read, and "
            "consent to a release or send it back."
        ),
    )


class RoleForm(forms.Form):
    """Another role for a member."""

    role = forms.ChoiceField(label=_("Role"), choices=WorkspaceMember.Role.choices)
