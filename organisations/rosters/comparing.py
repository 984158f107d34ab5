"""What a roster will do: each of its rows beside the place that is kept for that address."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Cohort, Invitation, RosterRow, RosterUpload
from organisations.access import Scope
from organisations.rosters.checking import SHOWN, Doubles, Reason, fault_of, refusal, tidy_email
from organisations.rosters.types import Entry

Effect = RosterRow.Effect


def plain_name(text: str) -> str:
    """What two spellings of a cohort's name have in common."""
    return " ".join(text.split()).casefold()


def plain_code(text: str) -> str:
    return "".join(text.split()).replace("-", "").upper()


def places_of(scope: Scope) -> QuerySet[Invitation]:
    """The places in force that a roster of this scope may withdraw."""
    places = Invitation.objects.filter(organisation=scope.organisation, withdrawn_at=None)
    return places if scope.is_whole else places.filter(cohort__department=scope.department)


class Comparison:
    """Compares batch after batch of one upload. Two queries at first, one for each batch."""

    def __init__(self, upload: RosterUpload, scope: Scope) -> None:
        self._upload = upload
        self._scope = scope
        self._doubles = Doubles()
        self._unclear_numbers: set[str] = set()
        self._by_code: dict[str, Cohort] = {}
        self._by_name: defaultdict[str, list[Cohort]] = defaultdict(list)
        self._default: Cohort | None = None
        for cohort in scope.cohorts():
            self._by_code[cohort.join_code] = cohort
            self._by_name[plain_name(cohort.name)].append(cohort)
            if cohort.pk == upload.cohort_id:
                self._default = cohort
        self._all_cohorts = dict(
            Cohort.objects.filter(organisation=scope.organisation).values_list("pk", "name")
        )
        self._own = {cohort.pk for cohort in self._by_code.values()}

    def rows(self, entries: Sequence[Entry]) -> list[RosterRow]:
        """What each of these rows will do. 1 query, however many they are."""
        emails = [tidy_email(entry.email) for entry in entries]
        kept = {
            place.email: place
            for place in Invitation.objects.filter(
                organisation=self._scope.organisation, withdrawn_at=None, email__in=emails
            )
        }
        return [
            self._row(entry, email, kept.get(email))
            for entry, email in zip(entries, emails, strict=True)
        ]

    def missing(self) -> Iterable[RosterRow]:
        """Who has a place in the scope and stands in no row, in the order of their addresses.

        Whose row was refused for another reason than its address is there all the same.
        """
        places = places_of(self._scope).order_by("email")
        for place in places.iterator(chunk_size=2000):
            is_named = place.email in self._doubles.rows
            if not is_named and place.external_id not in self._unclear_numbers:
                yield RosterRow(
                    upload=self._upload,
                    number=0,
                    effect=Effect.REMOVED,
                    email=place.email,
                    name=place.name,
                    external_id=place.external_id,
                    cohort_id=place.cohort_id,
                )

    def _row(self, entry: Entry, email: str, place: Invitation | None) -> RosterRow:
        row = RosterRow(
            upload=self._upload,
            number=entry.number,
            email=email[:254],
            name=entry.name[:200],
            external_id=entry.external_id[:64],
        )
        fault = self._fault(entry, email, place)
        cohort = self._default
        if fault is None and entry.cohorts:
            cohort, fault = self._cohort(entry)
        if fault is None and cohort is None and place is None and not self._scope.is_whole:
            fault = Reason(_("The row names no cohort, and the upload has none."))
        if fault is not None:
            if entry.external_id:
                self._unclear_numbers.add(entry.external_id)
            row.effect, row.said = Effect.REFUSED, refusal(fault, entry)
            return row
        _compare(row, place, cohort)
        if "cohort" in row.said:
            row.said["cohort"] = [self._all_cohorts.get(pk, "") for pk in row.said["cohort"]]
        return row

    def _fault(self, entry: Entry, email: str, place: Invitation | None) -> Reason | None:
        fault = fault_of(entry, email)
        if email:
            # Also where something else is wrong: who stands in the list is not missing.
            fault = fault or self._doubles.fault_of(entry, email)
            self._doubles.rows.setdefault(email, entry.number)
        is_elsewhere = place is not None and place.cohort_id not in self._own
        if fault is None and is_elsewhere and not self._scope.is_whole:
            return Reason(_("This person has a place in another part of the organisation."))
        return fault

    def _cohort(self, entry: Entry) -> tuple[Cohort | None, Reason | None]:
        """The cohort that the row names, or why there is none."""
        shown = entry.cohorts[0][0][:SHOWN]
        found = {cohort.pk: cohort for names in entry.cohorts for cohort in self._named(names)}
        if not found:
            return None, Reason(_("There is no cohort “%(cohort)s”."), {"cohort": shown})
        if len(found) > 1:
            if len(entry.cohorts) > 1:
                return None, Reason(_("The person is in several classes that are cohorts."))
            return None, Reason(
                _("Several cohorts are called “%(cohort)s”. Write the join code instead."),
                {"cohort": shown},
            )
        (cohort,) = found.values()
        if cohort.ends_on < timezone.localdate():
            return None, Reason(_("The cohort “%(cohort)s” has ended."), {"cohort": shown})
        return cohort, None

    def _named(self, names: Sequence[str]) -> list[Cohort]:
        """The cohorts of the first of these names that is known: by name, else by join code."""
        for name in names:
            if found := self._by_name.get(plain_name(name)):
                return found
            if cohort := self._by_code.get(plain_code(name)):
                return [cohort]
        return []


def _compare(row: RosterRow, place: Invitation | None, cohort: Cohort | None) -> None:
    """Say what the row does. An empty cell leaves what is kept."""
    row.cohort = cohort
    if place is None:
        row.effect = Effect.ADDED
        return
    row.name = row.name or place.name
    row.external_id = row.external_id or place.external_id
    row.cohort_id = row.cohort_id or place.cohort_id
    fields = ("name", "external_id", "cohort")
    before = (place.name, place.external_id, place.cohort_id)
    after = (row.name, row.external_id, row.cohort_id)
    row.said = {
        field: [old, new]
        for field, old, new in zip(fields, before, after, strict=True)
        if old != new
    }
    row.effect = Effect.CHANGED if row.said else Effect.SAME
