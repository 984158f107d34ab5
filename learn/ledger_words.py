"""What the inspector calls the statuses, kinds, roles and engines of a transcript."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chains.types import CallKind, Status

Words = str | Promise

STATUSES: dict[Status, Words] = {
    Status.OK: pgettext_lazy("transaction", "Done"),
    Status.FAILED: pgettext_lazy("transaction", "Refused by the contract"),
    Status.TRAPPED: pgettext_lazy("transaction", "The contract broke"),
    Status.EXHAUSTED: pgettext_lazy("transaction", "Ran out of its allowance"),
    Status.REFUSED: pgettext_lazy("transaction", "Refused by the ledger"),
}
STATUS_NOTES: dict[Status, Words] = {
    Status.OK: _("What it wrote is on the ledger."),
    Status.FAILED: _("The contract itself said no. Nothing was written."),
    Status.TRAPPED: _(
        "The program ended in the middle, by a fault of its own. Nothing was written."
    ),
    Status.EXHAUSTED: _(
        "It used more than one call may: gas or fuel, memory or depth. Nothing was written."
    ),
    Status.REFUSED: _("The ledger did not let the call begin. Nothing was written."),
}
KINDS: dict[CallKind, Words] = {
    CallKind.INSTALL: pgettext_lazy("transaction", "install"),
    CallKind.UPGRADE: pgettext_lazy("transaction", "upgrade"),
    CallKind.FREEZE: pgettext_lazy("transaction", "freeze"),
    CallKind.UNFREEZE: pgettext_lazy("transaction", "unfreeze"),
    CallKind.REVOKE: pgettext_lazy("transaction", "revoke"),
    CallKind.INVOKE: pgettext_lazy("transaction", "call"),
    CallKind.QUERY: pgettext_lazy("transaction", "query"),
}
ROLES: dict[str, Words] = {
    "admin": _("administrator"),
    "client": _("client"),
    "consensus": _("consensus node"),
    "common": _("common node"),
    "light": _("light client"),
}
ENGINES: dict[tuple[str, str], Words] = {
    ("chainmaker", ""): _("Chang'An Chain"),
    ("evm", "ethereum"): _("Ethereum (EVM)"),
    ("evm", "changan"): _("Chang'An Chain, EVM"),
    ("python", ""): _("Python, to practise on"),
}
LEFT_OUT: dict[str, Words] = {
    "calls": _("calls of calls, where they are very deep"),
    "logs": _("what the contracts logged"),
    "certificates": _("certificates"),
    "values": _("the rest of long values"),
    "lists": _("the rest of long lists"),
}
"""What `chains.transcripts.bounded` leaves out, by its own words."""
MARKS: dict[str, Words] = {
    "": "",
    "read": pgettext_lazy("state", "read"),
    "same": pgettext_lazy("state", "written, the same"),
    "new": pgettext_lazy("state", "new"),
    "changed": pgettext_lazy("state", "changed"),
    "deleted": pgettext_lazy("state", "deleted"),
}


def engine_name(engine: str, profile: str) -> Words:
    """What people call an engine; one that is unknown keeps its own name."""
    return ENGINES.get((engine, profile)) or ENGINES.get((engine, ""), engine)


def cost_unit(engine: str) -> Words:
    """What a call is paid in."""
    return _("gas") if engine == "evm" else _("fuel")


def left_out(word: str) -> Words:
    """What a word of `Transcript.shortened` means; `transactions 3-41` has numbers in it."""
    if word.startswith("transactions "):
        first, _dash, last = word.removeprefix("transactions ").partition("-")
        return format_lazy(_("transactions {first} to {last}"), first=first, last=last)
    return LEFT_OUT.get(word, word)
