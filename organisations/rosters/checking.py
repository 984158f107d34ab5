"""What may be wrong with one row, said so that whoever made the file can mend it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from organisations.rosters.types import Entry

LONGEST_EMAIL = 254
LONGEST_NAME = 100
LONGEST_NUMBER = 64
SHOWN = 60
"""Signs of a bad value that a reason repeats."""

is_email = EmailValidator()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a row was refused: a sentence with gaps and what fills them."""

    words: Promise
    values: dict[str, Any] = field(default_factory=dict)

    def told(self) -> dict[str, str]:
        """The sentence in each language of the site."""
        said = {}
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                said[language] = str(self.words) % self.values
        return said


def tidy_email(text: str) -> str:
    """In small letters and half width: ＡＢＣ＠example.org was typed on a Chinese keyboard."""
    return unicodedata.normalize("NFKC", text).strip().lower()


def fault_of(entry: Entry, email: str) -> Reason | None:
    """What is wrong with a row by itself; `email` is its address, tidied."""
    if not email:
        return Reason(_("There is no e-mail address."))
    if len(email) > LONGEST_EMAIL or not _is_address(email):
        return Reason(_("“%(email)s” is not an e-mail address."), {"email": email[:SHOWN]})
    if len(entry.name) > LONGEST_NAME:
        return Reason(_("The name is longer than %(most)s signs."), {"most": LONGEST_NAME})
    if len(entry.external_id) > LONGEST_NUMBER:
        return Reason(_("The number is longer than %(most)s signs."), {"most": LONGEST_NUMBER})
    if not (entry.name + entry.external_id).isprintable():
        return Reason(_("The name or the number has a sign in it that cannot be printed."))
    return None


def _is_address(email: str) -> bool:
    try:
        is_email(email)
    except ValidationError:
        return False
    return True


@dataclass(slots=True)
class Doubles:
    """Whom the rows so far named, to find who is named twice."""

    rows: dict[str, int] = field(default_factory=dict)
    """Address → its first row."""
    numbers: dict[str, int] = field(default_factory=dict)

    def fault_of(self, entry: Entry, email: str) -> Reason | None:
        """Remembers the row; why it is refused where an earlier one names the same person."""
        if (row := self.rows.setdefault(email, entry.number)) != entry.number:
            return Reason(_("The same address stands in row %(row)s already."), {"row": row})
        if not entry.external_id:
            return None
        if (row := self.numbers.setdefault(entry.external_id, entry.number)) != entry.number:
            return Reason(_("The same number stands in row %(row)s already."), {"row": row})
        return None


def refusal(reason: Reason, entry: Entry) -> Mapping[str, Any]:
    """`RosterRow.said` of a refused row, with what the file said of the cohort."""
    cohorts = " / ".join(names[0] for names in entry.cohorts)
    return {"reason": reason.told(), "cohort": cohorts[:200]}
