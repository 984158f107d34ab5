"""The form of `program`. The files beside it are `teach.forms.files`."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from teach.forms.fields import Codes, Field, Lines, Number, Real
from teach.forms.rows import Group

EQUIVALENT = Lines(
    "equivalent",
    _("Mutants that behave the same"),
    _("The names of small mistakes that no check can notice, one in each line; … ends a name."),
    lines=2,
)
FIELDS: Sequence[Field] = (
    Codes(
        "files",
        _("Files that learners edit"),
        _("The first one is run. With several, starter and solution are folders."),
    ),
    Group(
        "limits",
        _("Limits"),
        (
            Number("cpu_seconds", _("Seconds of the processor"), width="short"),
            Real("wall_seconds", _("Seconds in all"), width="short"),
            Number("memory_mb", _("Memory in MB"), width="short"),
        ),
        _("Empty: 2 seconds, 5 seconds, 128 MB."),
    ),
    EQUIVALENT,
)
