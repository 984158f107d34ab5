"""The form of `text`: words that learners type."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from teach.forms.fields import Codes, Field, Lines, Misconception, Texts
from teach.forms.rows import Rows

FIELDS: Sequence[Field] = (
    Lines("accept", _("Right answers"), _("One in each line, in all languages."), lines=3),
    Lines(
        "patterns",
        _("Patterns of right answers"),
        _("Regular expressions for the whole answer, one in each line."),
        lines=2,
    ),
    Codes(
        "normalise",
        _("What does not matter"),
        _("Of case, space, width and punctuation. Empty: none of them matters."),
    ),
    Rows(
        "wrong",
        _("Mistakes that you foresee"),
        (
            Lines("accept", _("Wrong answers"), _("One in each line."), lines=2),
            Texts("feedback", _("Feedback"), lines=2),
            Misconception(),
        ),
        _("Add a mistake"),
    ),
)
