"""The playground: a form that calls a contract on a ledger of one's own, and its history.

A page includes templates/ledger/playground.html with `playground`, a `Playground`. The form posts
to `playground.url` by htmx; whoever answers reads the call with `read_call` and sends the same
template back, with the history in `playground.inspector`, or with `error` and `call` filled in.
Without JavaScript the same form posts a whole page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import QueryDict

from chains.types import CallKind
from learn.ledger import Inspector
from learn.ledger_entries import Entry
from learn.ledger_words import Words

KINDS = {CallKind.INVOKE, CallKind.QUERY}


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody whose identity the learner may take."""

    name: str
    organisation: str
    role: Words


@dataclass(frozen=True, slots=True)
class Argument:
    name: str
    example: str = ""
    """Shown where nothing has been written yet."""


@dataclass(frozen=True, slots=True)
class Method:
    """A method of a contract and what it takes."""

    contract: str
    name: str
    arguments: tuple[Argument, ...] = ()
    ledger: str = "main"

    @property
    def key(self) -> str:
        """What the form posts: unique in a playground."""
        return f"{self.ledger}/{self.contract}/{self.name}"


@dataclass(frozen=True, slots=True)
class Call:
    """What was asked for."""

    kind: CallKind
    identity: str
    method: Method
    args: Mapping[str, str]


class NoSuchCall(ValueError):
    """The form named an identity, a method or a kind that the playground does not have."""


@dataclass(frozen=True, slots=True)
class Playground:
    """Context of templates/ledger/playground.html."""

    url: str
    callers: tuple[Caller, ...]
    methods: tuple[Method, ...]
    inspector: Inspector
    error: Words = ""
    """Why the last call could not be made at all. A refusal is no error: it is in the history."""
    call: Call | None = None
    """The last call, to be shown in the form again."""
    hidden_fields: Mapping[str, str] = field(default_factory=dict)
    """More to post, such as an idempotency key."""

    @property
    def fields(self) -> tuple[MethodFields, ...]:
        """The methods with their fields as they are filled in now."""
        return tuple(MethodFields.of(method, self.call) for method in self.methods)

    @property
    def last(self) -> Entry | None:
        """What came of the last call, to be told beside the form; None where the last call is not
        known, or could not be made."""
        if self.call is None or self.error:
            return None
        name = self.call.method.ledger
        rows = [ledger.entries for ledger in self.inspector.ledgers if ledger.name == name]
        return rows[0][-1] if rows and rows[0] else None

    @property
    def chosen_caller(self) -> str:
        return self.call.identity if self.call else ""


@dataclass(frozen=True, slots=True)
class MethodFields:
    """One method in the form."""

    method: Method
    is_chosen: bool
    fields: tuple[tuple[Argument, str, str], ...]
    """Argument, the name of its field, its value."""

    @classmethod
    def of(cls, method: Method, call: Call | None) -> MethodFields:
        chosen = call is not None and call.method == method
        given = call.args if call and chosen else {}
        rows = tuple(
            (argument, field_name(method, argument), given.get(argument.name, ""))
            for argument in method.arguments
        )
        return cls(method, chosen, rows)


def field_name(method: Method, argument: Argument) -> str:
    """The name of the field of an argument: `arg:LEDGER/CONTRACT/METHOD:NAME`."""
    return f"arg:{method.key}:{argument.name}"


def read_call(playground: Playground, posted: QueryDict) -> Call:
    """The call that a posted form asks for. Raises `NoSuchCall`; a missing argument is empty."""
    kind, identity, key = (posted.get(name, "") for name in ("kind", "identity", "method"))
    method = next((each for each in playground.methods if each.key == key), None)
    callers = {caller.name for caller in playground.callers}
    if method is None or identity not in callers or kind not in KINDS:
        raise NoSuchCall(f"{kind} of {key} by {identity}")
    args = {
        argument.name: posted.get(field_name(method, argument), "") for argument in method.arguments
    }
    return Call(CallKind(kind), identity, method, args)
