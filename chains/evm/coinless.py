"""What Solidity for the Chang'An Chain must not say: there is no coin on it.

Found in the syntax tree that the compiler returns, so a comment, a string or a name of the
learner's own is no finding. What hides in bytes of machine code that a contract assembles itself
is not found here; it finds no coin either, since every account of the ledger that is a contract
holds none and nobody sends any.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from chains.evm.solc import MOST_DIAGNOSTICS, position
from chains.types import Diagnostic

ETHER_UNITS = {"wei", "gwei", "szabo", "finney", "ether"}
COINS = "there is no coin on the Chang'An Chain"
GLOBALS = {
    "selfdestruct": "`selfdestruct`: contracts are frozen or revoked by an administrator",
    "ecrecover": (
        "`ecrecover`: the Chang'An Chain does not have it; "
        "who called is `msg.sender`, whom the chain has checked"
    ),
}
MEMBERS = {
    ("t_magic_message", "value"): f"`msg.value`: {COINS}, and it is always 0",
    ("t_magic_block", "difficulty"): "`block.difficulty`: nobody mines, and it is always 0",
    ("t_magic_block", "prevrandao"): "`block.prevrandao`: consensus gives no random number",
    ("t_address_payable", "transfer"): f"`.transfer`: {COINS}",
    ("t_address_payable", "send"): f"`.send`: {COINS}",
    ("t_address_payable", "balance"): f"`.balance`: {COINS}",
    ("t_address", "balance"): f"`.balance`: {COINS}",
}
OPCODES = {
    "selfdestruct": GLOBALS["selfdestruct"],
    "callvalue": MEMBERS["t_magic_message", "value"],
    "difficulty": MEMBERS["t_magic_block", "difficulty"],
    "prevrandao": MEMBERS["t_magic_block", "prevrandao"],
    "balance": f"`balance`: {COINS}",
    "selfbalance": f"`selfbalance`: {COINS}",
}
"""Of inline assembly."""
VALUE_ARGUMENTS = {"call": 2, "callcode": 2, "create": 0, "create2": 0}
"""Which argument of these opcodes is an amount of coin."""


def refusals(output: Mapping[str, Any], sources: Mapping[str, str]) -> tuple[Diagnostic, ...]:
    """One error for each place that needs a coin, in the order of the files and lines."""
    names, found = list(sources), set()
    for name, text in sources.items():
        for node in _nodes(output["sources"][name]["ast"]):
            why = _why(node)
            if why:
                found.add((names.index(name), *position(text, _start(node)), why))
    return tuple(
        Diagnostic("error", why, names[index], line, column)
        for index, line, column, why in sorted(found)[:MOST_DIAGNOSTICS]
    )


def _start(node: Mapping[str, Any]) -> int:
    """The offset of its name, and where it has none, as a constructor, of itself."""
    places = (node.get("nameLocation", "-1"), node["src"])
    return next(start for place in places if (start := int(place.split(":")[0])) >= 0)


def _nodes(tree: Any) -> Iterator[Mapping[str, Any]]:
    """Every node of the tree, without recursion: trees are as deep as learners write them."""
    waiting = [tree]
    while waiting:
        found = waiting.pop()
        if isinstance(found, dict):
            if "nodeType" in found:
                yield found
            waiting += found.values()
        elif isinstance(found, list):
            waiting += found


def _why(node: Mapping[str, Any]) -> str:
    rule = _RULES.get(node["nodeType"])
    return rule(node) if rule else ""


def _function(node: Mapping[str, Any]) -> str:
    payable = node.get("stateMutability") == "payable"
    return f"`payable`: {COINS}, and no call carries a value" if payable else ""


def _address(node: Mapping[str, Any]) -> str:
    payable = node.get("stateMutability") == "payable"
    return f"`payable` address: {COINS}" if payable else ""


def _member(node: Mapping[str, Any]) -> str:
    owner = node["expression"].get("typeDescriptions", {}).get("typeIdentifier", "")
    return MEMBERS.get((owner, node["memberName"]), "")


def _options(node: Mapping[str, Any]) -> str:
    return f"`{{value: …}}`: {COINS}" if "value" in node["names"] else ""


def _global(node: Mapping[str, Any]) -> str:
    own = node.get("referencedDeclaration", 0) >= 0
    return "" if own else GLOBALS.get(node["name"], "")


def _unit(node: Mapping[str, Any]) -> str:
    unit = node.get("subdenomination")
    return f"`{unit}`: {COINS}, so there are no units of it" if unit in ETHER_UNITS else ""


def _assembly(node: Mapping[str, Any]) -> str:
    return _why_opcode(node["functionName"]["name"], node["arguments"])


def _why_opcode(name: str, arguments: Sequence[Mapping[str, Any]]) -> str:
    place = VALUE_ARGUMENTS.get(name)
    if place is not None and place < len(arguments) and not _is_zero(arguments[place]):
        return f"`{name}` with a value: {COINS}, so write 0"
    return OPCODES.get(name, "")


def _is_zero(argument: Mapping[str, Any]) -> bool:
    return argument["nodeType"] == "YulLiteral" and argument.get("value") in ("0", "0x0", "0x00")


_RULES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "FunctionDefinition": _function,
    "FunctionTypeName": _function,
    "ElementaryTypeName": _address,
    "MemberAccess": _member,
    "FunctionCallOptions": _options,
    "Identifier": _global,
    "Literal": _unit,
    "YulFunctionCall": _assembly,
}
"""Each says what is wrong with a node of its type, or ""."""
