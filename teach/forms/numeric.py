"""The form of `numeric`."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from teach.forms.fields import Expression, Field, Line, Misconception, OneOf, Real, Texts
from teach.forms.rows import Group, Rows

FIELDS: Sequence[Field] = (
    Expression(
        "answer",
        _("Right answer"),
        _("A number, or an expression with the varied values, such as 2 ** n."),
    ),
    OneOf(
        "input",
        _("What learners type"),
        (
            ("decimal", _("a decimal number")),
            ("integer", _("a whole number")),
            ("hexadecimal", _("a hexadecimal number")),
        ),
    ),
    Group(
        "tolerance",
        _("How far off is still right"),
        (
            Real("absolute", _("By so much"), width="short"),
            Real("relative", _("By this share of the answer"), width="short"),
        ),
        _("Empty: exact."),
    ),
    Rows(
        "units",
        _("Units that may follow the number"),
        (
            Line("unit", _("Unit"), width="short"),
            Real("factor", _("How many of the first one of these is"), width="short"),
        ),
        _("Add a unit"),
    ),
    Rows(
        "wrong",
        _("Mistakes that you foresee"),
        (
            Expression("answer", _("Wrong answer")),
            Texts("feedback", _("Feedback"), lines=2),
            Misconception(),
        ),
        _("Add a mistake"),
    ),
)
