"""Figures of a course: what may be uploaded, and how lessons name them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from courses.publishing import svg
from courses.publishing.tables import LANGUAGES
from teach.workspace_forms import KeyField

LARGEST_SVG = 256 * 1024
FOLDER = "figures/"
_IN_LANGUAGE = re.compile(rf"\.(?:{'|'.join(LANGUAGES)})(?=\.svg$)")


def figure_names(paths: Iterable[str]) -> list[str]:
    """How lessons name the figures among these files: without the language, each once."""
    names = (_IN_LANGUAGE.sub("", path) for path in sorted(paths) if path.startswith(FOLDER))
    return list(dict.fromkeys(names))


class FigureForm(forms.Form):
    """A picture for lessons. `cleaned_data["data"]` are the bytes to keep, `path()` is where."""

    file = forms.FileField(
        label=_("Picture"),
        help_text=_(
            "SVG, drawn with currentColor and the classes of the format, so that it follows light "
            "and dark. At most 256 kB."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".svg,image/svg+xml"}),
    )
    name = KeyField(label=_("Name of the picture"))
    language = forms.ChoiceField(
        label=_("Words in it"),
        choices=[
            ("", _("none, or the same in every language")),
            ("en", "English"),
            ("zh-hans", "中文"),
        ],
        required=False,
    )

    def clean_file(self) -> bytes:
        """The bytes of the picture, if lessons can show it."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_SVG:
            raise forms.ValidationError(_("This file is larger than 256 kB."))
        data: bytes = file.read()
        try:
            svg.inline(data.decode(), prefix="", label="")
        except UnicodeDecodeError as error:
            raise forms.ValidationError(_("This is not an SVG file.")) from error
        except svg.BadFigure as bad:
            lines = [
                _("Line %(line)s: %(message)s") % {"line": line, "message": message}
                for line, message in bad.faults[:8]
            ]
            raise forms.ValidationError(lines) from bad
        return data

    def path(self) -> str:
        """Where a valid form's picture goes."""
        language = self.cleaned_data["language"]
        middle = f".{language}" if language else ""
        return f"{FOLDER}{self.cleaned_data['name']}{middle}.svg"
