"""The form of `choice`: one option is right."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from teach.forms.fields import Field, Flag, Misconception, Texts
from teach.forms.rows import Rows

OPTION: Sequence[Field] = (
    Texts("text", _("Option")),
    Flag("correct", _("This is right")),
    Texts("feedback", _("Feedback to who chose it"), lines=2),
    Misconception(),
)
FIELDS: Sequence[Field] = (
    Rows("options", _("Options"), OPTION, _("Add an option")),
    Flag("shuffle", _("Shuffle the options for each learner"), default=True),
)
