"""The form of `match`."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from teach.forms.fields import Field, Misconception, Texts
from teach.forms.rows import Rows

FIELDS: Sequence[Field] = (
    Rows(
        "pairs",
        _("Pairs"),
        (
            Texts("left", _("Left")),
            Texts("right", _("Right")),
            Texts("feedback", _("Feedback when this row is wrong"), lines=2),
            Misconception(),
        ),
        _("Add a pair"),
    ),
    Rows(
        "extra",
        _("Right sides that belong to nothing"),
        (Texts("right", _("Right")),),
        _("Add one that belongs to nothing"),
    ),
)
