"""The form of `contract`. What ledgers must hold stands in checks.toml, written as it is."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from teach.forms.fields import Codes, Field, Flag, Line, OneOf
from teach.forms.program import EQUIVALENT

FIELDS: Sequence[Field] = (
    OneOf(
        "engine",
        _("Ledger"),
        (
            ("", _("Choose")),
            ("chainmaker", _("Chang'An Chain")),
            ("evm", _("EVM")),
            ("python", _("Python, for first steps")),
        ),
    ),
    Codes("languages", _("Languages"), _("go, rust, c on Chang'An Chain; solidity; python.")),
    Line("contract", _("Name under which it is installed"), width="short"),
    Codes("profiles", _("Profile"), _("EVM only: ethereum, or changan, which has no coin.")),
    Line("compare", _("Profile that is told beside the verdict"), width="short"),
    Codes("ledgers", _("Ledgers"), _("With several: their names.")),
    Flag("relay", _("Learners write a relay too")),
    EQUIVALENT,
)
