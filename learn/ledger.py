"""The ledger inspector: what a page shows of the transcripts of a verdict.

`report(...)` gives the context of templates/ledger/report.html, which shows every scenario of a
verdict; `inspector(...)` that of templates/ledger/inspector.html, which shows one. Both read well
without JavaScript; static/js/ledger.js adds keys, steps and copying.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.template.defaultfilters import slugify

from chains.transcripts import from_json
from chains.types import Transcript
from learn.ledger_changes import compare_runs
from learn.ledger_checks import Checked, CheckView, reference, transaction_anchor, views
from learn.ledger_entries import Caller, Entry, caller_of, entries
from learn.ledger_messages import Crossing, Place, crossing
from learn.ledger_profiles import Profiles, profiles
from learn.ledger_words import Words, cost_unit, engine_name, left_out

Recorded = Transcript | Mapping[str, Any]
"""A transcript, or its JSON as `chains.transcripts.to_json` wrote it."""


@dataclass(frozen=True, slots=True)
class LedgerView:
    """One ledger of the scenario."""

    id: str
    name: str
    engine: Words
    unit: Words
    """What a call is paid in: gas or fuel."""
    entries: tuple[Entry, ...]
    blocks: int
    cost: int
    cost_before: int | None
    """Of the run before; None where there is none to compare with."""
    chosen: str
    """The anchor of the transaction that is shown first: that of the first failed check, else the
    last."""
    shortened: tuple[Words, ...]
    """What the record was too long for."""
    callers: tuple[Caller, ...]

    @property
    def total(self) -> int:
        """How many transactions there were, those left out of the record counted too."""
        return self.entries[-1].number if self.entries else 0

    @property
    def differing(self) -> tuple[Entry, ...]:
        """Those that behave differently from the run before."""
        return tuple(each for each in self.entries if each.comparison and each.comparison.differs)

    @property
    def standing_out(self) -> int:
        return sum(each.stands_out for each in self.entries)


@dataclass(frozen=True, slots=True)
class Inspector:
    """Context of templates/ledger/inspector.html."""

    id: str
    scenario: str
    title: Mapping[str, str]
    ledgers: tuple[LedgerView, ...]
    crossing: Crossing | None
    checks: tuple[CheckView, ...]
    """All that belong to this scenario and are not hidden, in the order given."""
    hidden: tuple[CheckView, ...]
    """Those of hidden scenarios: title and outcome is all that is shown of them."""
    is_compared: bool

    @property
    def is_empty(self) -> bool:
        return not any(ledger.entries for ledger in self.ledgers)

    @property
    def failed_checks(self) -> tuple[CheckView, ...]:
        return tuple(check for check in self.checks if check.failed)

    def link_of(self, key: str) -> str:
        """The fragment of the transaction that the check of this key is about; "" for none."""
        return next((check.transaction for check in self.checks if check.key == key), "")


@dataclass(frozen=True, slots=True)
class Report:
    """Context of templates/ledger/report.html."""

    inspectors: tuple[Inspector, ...]
    """One for each visible scenario, in the order in which they ran."""
    hidden: tuple[CheckView, ...]
    profiles: Profiles | None
    """What another profile made of it, where the exercise asks for that."""

    @property
    def some_failed(self) -> bool:
        return any(each.failed_checks for each in self.inspectors)


def report(
    recorded: Sequence[Mapping[str, Any]],
    checks: Iterable[Checked],
    previous: Sequence[Mapping[str, Any]] = (),
) -> Report:
    """All scenarios of a verdict.

    `recorded` and `previous`, of an earlier verdict, are `exercises.types.Verdict.transcripts`. An
    entry may have `order`, the (ledger, number) of its scenario's transactions as they ran. Raises
    `ValueError` for JSON that is no transcript.
    """
    given = list(checks)
    visible = [check for check in given if not check.hidden]
    earlier = {entry["scenario"]: _of(previous, entry["scenario"]) for entry in previous}
    scenarios = {entry["scenario"]: entry for entry in recorded}
    found = tuple(
        inspector(
            _of(recorded, key),
            visible,
            earlier.get(key),
            scenario=key,
            title=entry["title"],
            order=[(ledger, number) for ledger, number in entry.get("order", ())],
        )
        for key, entry in scenarios.items()
    )
    return Report(found, _hidden(given), profiles(recorded))


def _of(recorded: Sequence[Mapping[str, Any]], scenario: str) -> list[Recorded]:
    return [entry["transcript"] for entry in recorded if entry["scenario"] == scenario]


def inspector(
    transcripts: Iterable[Recorded],
    checks: Iterable[Checked] = (),
    previous: Iterable[Recorded] | None = None,
    *,
    scenario: str = "",
    title: Mapping[str, str] | None = None,
    order: Sequence[Place] = (),
) -> Inspector:
    """What there is to show of one or two ledgers. No transcript: the empty state.

    `checks` are those of the whole verdict: with `scenario` only those that name it are taken, and
    anchors begin with it, so that several inspectors may stand on one page (`tx-SCENARIO-main-7`;
    without a scenario `tx-main-7`). `previous` holds the transcripts of an earlier run, by ledger
    name. `order` says in which order (ledger, number) the transactions of two ledgers ran; without
    it their times decide. Raises `ValueError` for JSON that is no transcript.
    """
    now = [_read(each) for each in transcripts]
    earlier = {each.ledger: each for each in map(_read, previous or ())}
    given = list(checks)
    anchors = {
        (each.ledger, call.number): transaction_anchor(scenario, each.ledger, call.number)
        for each in now
        for call in each.transactions
    }
    shown = [check for check in given if not check.hidden and _belongs(check, scenario)]
    placed = views(shown, anchors, several=len(now) > 1)
    by_place: defaultdict[Place, list[CheckView]] = defaultdict(list)
    for place, check in placed:
        if place:
            by_place[place].append(check)
    ledgers = tuple(_ledger(each, anchors, by_place, earlier.get(each.ledger)) for each in now)
    return Inspector(
        id=f"ledger-{slugify(scenario)}" if scenario else "ledger",
        scenario=scenario,
        title=title or {},
        ledgers=ledgers,
        crossing=crossing(now, anchors, order),
        checks=tuple(check for _, check in placed),
        hidden=_hidden(given),
        is_compared=any(ledger.cost_before is not None for ledger in ledgers),
    )


def _read(given: Recorded) -> Transcript:
    return given if isinstance(given, Transcript) else from_json(given)


def _belongs(check: Checked, scenario: str) -> bool:
    named = reference(check.transaction)
    return not scenario or (named is not None and named.scenario == scenario)


def _hidden(checks: Iterable[Checked]) -> tuple[CheckView, ...]:
    found = views([check for check in checks if check.hidden], {}, several=False)
    return tuple(check for _, check in found)


def _ledger(
    transcript: Transcript,
    anchors: Mapping[Place, str],
    checks: Mapping[Place, Sequence[CheckView]],
    before: Transcript | None,
) -> LedgerView:
    name = transcript.ledger
    rows = entries(
        transcript,
        {number: anchor for (ledger, number), anchor in anchors.items() if ledger == name},
        {number: found for (ledger, number), found in checks.items() if ledger == name},
        compare_runs(before, transcript),
    )
    return LedgerView(
        id=f"line-{anchors[name, rows[0].number]}" if rows else "",
        name=name,
        engine=engine_name(transcript.engine, transcript.profile),
        unit=cost_unit(transcript.engine),
        entries=rows,
        blocks=len(transcript.blocks),
        cost=sum(row.cost for row in rows),
        cost_before=sum(each.cost for each in before.transactions) if before else None,
        chosen=_first_to_show(rows),
        shortened=tuple(left_out(word) for word in transcript.shortened),
        callers=tuple(map(caller_of, transcript.identities)),
    )


def _first_to_show(rows: Sequence[Entry]) -> str:
    chosen = next((row for row in rows if row.failed_checks), rows[-1] if rows else None)
    return chosen.anchor if chosen else ""
