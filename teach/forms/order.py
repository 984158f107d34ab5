"""The form of `order`."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from teach.forms.fields import Field, OneOf, Texts
from teach.forms.rows import TextRows

FIELDS: Sequence[Field] = (
    TextRows(
        "items",
        _("Items, in the right order"),
        (),
        _("Add an item"),
        _("Learners see them shuffled."),
    ),
    OneOf(
        "credit",
        _("Credit"),
        (
            ("pairs", _("for each neighbouring pair in the right order")),
            ("all", _("only when all is right")),
        ),
    ),
    Texts("feedback", _("Feedback when not all is right"), lines=2),
)
