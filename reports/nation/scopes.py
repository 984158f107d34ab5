"""Which part of the nation is asked for, by whom, and in what words it is named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.access import national_for
from accounts.models import Organisation, Province, User
from reports.columns import Words
from reports.filters import Filter, choose
from reports.queries.nation import ALONE, UNKNOWN, ProgrammeName, Scope, programme_names
from reports.tables import Reader
from reports.words import in_language

PROVINCES: Sequence[tuple[str, Words]] = (*Province.choices, (UNKNOWN, _("Not said")))
KINDS: Sequence[tuple[str, Words]] = (*Organisation.Kind.choices, (ALONE, _("On their own")))


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader may see and asks for."""

    scope: Scope
    names: Sequence[ProgrammeName]
    filters: Sequence[Filter]

    @property
    def programme(self) -> ProgrammeName | None:
        """The one that is chosen."""
        return next((name for name in self.names if name.key == self.scope.programme), None)


def asked_for(user: Reader, query: QueryDict) -> Asked:
    """The part of the nation that the query string chooses, for who may see it; else 404.

    Who administers a province is held to it, whatever the address says. 1 query.
    """
    if not isinstance(user, User):
        raise Http404
    held_to = national_for(user)
    names = programme_names()
    filters = (
        *([] if held_to else [Filter("province", _("Province"), PROVINCES)]),
        Filter("kind", _("Kind of organisation"), KINDS),
        Filter("programme", _("Programme"), [(name.key, in_words(name)) for name in names]),
    )
    chosen = choose(filters, query)
    scope = Scope(held_to or chosen["province"], chosen["kind"], chosen["programme"], held_to)
    return Asked(scope, names, filters)


def in_words(name: ProgrammeName) -> str:
    """The title of a programme in the language of the reader."""
    return in_language(name.title, name.key)
