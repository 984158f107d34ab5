"""The form of each kind, by its name; and the words for kinds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from teach.forms import choice, choices, cloze, contract, match, numeric, order, program, text
from teach.forms.fields import Codes, Field, Number, OneOf, Snippet, Texts, Words
from teach.forms.rows import Group, Rows

SPECS: Mapping[str, Sequence[Field]] = {
    "choice": choice.FIELDS,
    "choices": choices.FIELDS,
    "numeric": numeric.FIELDS,
    "text": text.FIELDS,
    "order": order.FIELDS,
    "match": match.FIELDS,
    "cloze": cloze.FIELDS,
    "program": program.FIELDS,
    "contract": contract.FIELDS,
}
TITLES: Mapping[str, tuple[Words, Words]] = {
    "choice": (_("Choice"), _("One option is right.")),
    "choices": (_("Several choices"), _("Several options may be right.")),
    "numeric": (_("Numeric answer"), _("A number, with a tolerance and units.")),
    "text": (_("Words"), _("A word or a few, whatever their spelling.")),
    "order": (_("Order"), _("Items are put in order.")),
    "match": (_("Matching"), _("Each left side gets its right side.")),
    "cloze": (_("Gaps"), _("A text with gaps to fill.")),
    "program": (_("Program"), _("A Python program, run in a box by checks that you write.")),
    "contract": (_("Contract"), _("A smart contract, run on a ledger of its own.")),
}
"""A kind's name for people, and what it is."""
REVEAL = OneOf(
    "reveal",
    _("The solution is shown"),
    (
        ("after_pass", _("once it is passed")),
        ("after_last_try", _("after the last try")),
        ("never", _("never")),
    ),
)
ABOUT: Sequence[Field] = (Texts("title", _("Title")), Number("points", _("Points"), width="short"))
HINTS: Sequence[Field] = (
    Rows(
        "hints",
        _("Hints"),
        (
            Texts("text", _("Hint"), lines=2),
            Number("cost", _("Costs, in percent of the points"), width="short"),
        ),
        _("Add a hint"),
        _("In order; learners ask for each."),
    ),
)
RULES: Sequence[Field] = (
    Group(
        "policy",
        "",
        (
            Number("tries", _("Tries"), _("0 or empty: as many as one likes."), width="short"),
            Number("penalty", _("Percent lost with each earlier try"), width="short"),
            REVEAL,
        ),
    ),
    Codes("competencies", _("Competencies"), _("Such as hash.properties, with commas between.")),
)
VARIED: Sequence[Field] = (
    Snippet(
        "vary",
        _("Varied values"),
        _('One in each line, in order: n = "randint(3, 9)". In texts, {{ n }} stands for it.'),
        lines=4,
    ),
)


def fields_for(kind: str) -> Sequence[Field]:
    """Everything at the top of an exercise.toml of this kind that the form shows."""
    return [*ABOUT, Group("spec", "", SPECS.get(kind, ())), *HINTS, *RULES, *VARIED]
