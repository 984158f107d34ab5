"""What course.toml says about the course, as a form that changes nothing else in the file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from courses.publishing.tables import KEY, LANGUAGES
from courses.publishing.toml_edit import rewritten

LEVELS = [
    ("foundations", _("Foundations")),
    ("practitioner", _("Practitioner")),
    ("specialist", _("Specialist")),
]
TOPICS = [
    ("cryptography", _("Cryptography")),
    ("ledgers", _("Ledgers")),
    ("consensus", _("Consensus")),
    ("contracts", _("Contracts")),
    ("cross-chain", _("Cross-chain")),
    ("data", _("Data")),
    ("rules", _("Rules")),
    ("operation", _("Operation")),
]
IN = {"en": _("in English"), "zh-hans": _("in Chinese")}
LABELS: Mapping[str, str | Promise] = {
    "title": _("Title"),
    "summary": _("Summary"),
    "credential": _("What learners get"),
    "outcomes": _("What learners can do afterwards"),
}
"""The texts, which are asked for in every language. One of them is a list."""
LONG = {"summary", "outcomes"}


class CourseForm(forms.Form):
    """Everything about a course but its modules, misconceptions and sources.

    Made of a course.toml that can be read; `source()` is that file with what the form says.
    """

    level = forms.ChoiceField(label=_("Level"), choices=LEVELS)
    topic = forms.ChoiceField(label=_("Topic"), choices=TOPICS)
    effort_hours = forms.IntegerField(
        label=_("Hours of work"), min_value=1, max_value=1000, widget=forms.NumberInput
    )
    percent = forms.IntegerField(
        label=_("Completed with"),
        min_value=1,
        max_value=100,
        help_text=_("Percent of all points."),
    )
    provider = forms.CharField(label=_("Provider"), max_length=200)
    licence = forms.CharField(label=_("Licence"), max_length=100)
    prerequisites = forms.CharField(
        label=_("Courses to take before"),
        required=False,
        max_length=500,
        help_text=_("Their keys, with commas between."),
    )

    def __init__(self, data: Any, text: str) -> None:
        self.text = text
        self.course = tomllib.loads(text)
        asked = self.course.get("languages")
        self.languages = [one for one in LANGUAGES if isinstance(asked, list) and one in asked]
        super().__init__(data, initial=_initial(self.course, self.languages))
        for name, label in LABELS.items():
            for language in self.languages:
                self.fields[_field(name, language)] = _text_field(name, label, language)
        self.order_fields([_field(name, one) for name in LABELS for one in self.languages])

    def clean_prerequisites(self) -> list[str]:
        """Keys, in order, each once."""
        keys = [part.strip() for part in self.cleaned_data["prerequisites"].split(",")]
        keys = list(dict.fromkeys(key for key in keys if key))
        if not all(KEY.fullmatch(key) for key in keys):
            raise forms.ValidationError(
                _("A key has lower-case letters, digits and single hyphens, and nothing else.")
            )
        return keys

    def clean(self) -> None:
        """As many outcomes in one language as in the other."""
        super().clean()
        counts = {
            len(_lines(self.cleaned_data.get(_field("outcomes", one), "")))
            for one in self.languages
        }
        if len(counts) > 1:
            words = _("There are more lines in one language than in the other.")
            self.add_error(_field("outcomes", self.languages[-1]), words)

    def source(self) -> str:
        """The file with the values of a valid form; what did not change keeps its bytes."""
        said = self.cleaned_data
        wanted = {
            **self.course,
            **{
                name: {one: said[_field(name, one)] for one in self.languages}
                for name in LABELS
                if name != "outcomes"
            },
            "outcomes": self._outcomes(),
            "completion": {"percent": said["percent"]},
        }
        for name in ("level", "topic", "effort_hours", "provider", "licence", "prerequisites"):
            wanted[name] = said[name]
        return rewritten(self.text, wanted)

    def _outcomes(self) -> list[dict[str, str]]:
        columns = [_lines(self.cleaned_data[_field("outcomes", one)]) for one in self.languages]
        return [dict(zip(self.languages, row, strict=True)) for row in zip(*columns, strict=True)]


def _field(name: str, language: str) -> str:
    return f"{name}_{language.replace('-', '_')}"


def _lines(words: str) -> list[str]:
    return [line.strip() for line in words.splitlines() if line.strip()]


def _text_field(name: str, label: str | Promise, language: str) -> forms.CharField:
    widget: forms.Widget = forms.TextInput(attrs={"lang": language})
    if name in LONG:
        widget = forms.Textarea(attrs={"lang": language, "rows": 5})
    return forms.CharField(
        label=f"{label} · {IN[language]}",
        help_text=_("One in each line.") if name == "outcomes" else "",
        max_length=4000,
        widget=widget,
    )


def _initial(course: Mapping[str, Any], languages: Sequence[str]) -> dict[str, Any]:
    """What the form shows of a file with whatever mistakes."""
    completion = course.get("completion")
    prerequisites = course.get("prerequisites")
    shown: dict[str, Any] = {
        name: course.get(name) for name in ("level", "topic", "effort_hours", "provider", "licence")
    }
    shown["percent"] = completion.get("percent") if isinstance(completion, dict) else 70
    shown["prerequisites"] = (
        ", ".join(map(str, prerequisites)) if isinstance(prerequisites, list) else ""
    )
    for language in languages:
        for name in LABELS:
            value = course.get(name)
            texts = value if isinstance(value, list) else [value]
            words = [str(one.get(language, "")) for one in texts if isinstance(one, dict)]
            shown[_field(name, language)] = "\n".join(words)
    return shown
