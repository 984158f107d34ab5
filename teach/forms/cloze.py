"""The form of `cloze`: a text with gaps, each of a kind of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from teach.forms import choice, numeric, text
from teach.forms.fields import Field, Line, OneOf, Problems, Setting, Texts
from teach.forms.rows import Rows

OWN: Sequence[Field] = (
    Line("key", _("Name of the gap"), _("Stands in the text as [[name]]."), width="short"),
    OneOf(
        "kind",
        _("What learners do"),
        (
            ("", _("Choose")),
            ("text", _("type words")),
            ("numeric", _("type a number")),
            ("choice", _("choose")),
        ),
        again=True,
    ),
)
KINDS: Mapping[str, Sequence[Field]] = {
    "text": text.FIELDS,
    "numeric": numeric.FIELDS,
    "choice": choice.FIELDS,
}


class Gaps(Rows):
    """Each row has the fields of its kind."""

    __slots__ = ()

    def fields_of(self, row: Mapping[str, Any], at: str, setting: Setting) -> Sequence[Field]:
        kind = setting.given(f"{at}.kind") or row.get("kind", "")
        return [*OWN, *KINDS.get(str(kind), ())]

    def _read(self, old: Any, at: str, setting: Setting, problems: Problems) -> Any:
        """Without what another kind had, when the kind was changed."""
        row = super()._read(old, at, setting, problems)
        if isinstance(old, dict) and isinstance(row, dict) and row.get("kind") != old.get("kind"):
            known = {field.name for field in self.fields_of(row, at, setting)}
            others = {field.name for fields in KINDS.values() for field in fields} - known
            return {key: value for key, value in row.items() if key not in others}
        return row


FIELDS: Sequence[Field] = (
    Texts(
        "text",
        _("Text"),
        _("Each gap stands in it once, in every language, as its name in double brackets."),
        lines=4,
    ),
    Gaps("gaps", _("Gaps"), (), _("Add a gap")),
)
