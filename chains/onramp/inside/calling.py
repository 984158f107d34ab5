"""Runs one call of a contract."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from chain import Chain, ChainError, Refused  # type: ignore[import-not-found]

LIFE_CYCLE = ("init_contract", "upgrade")


def run(method: str, args: Mapping[str, str], life_cycle: bool) -> list[object]:  # noqa: FBT001
    """What became of the call: `["ok", bytes]` or `["failed", why]`."""
    try:
        result = _called(method, args, life_cycle)
    except (Refused, ChainError) as refusal:
        return ["failed", str(refusal)]
    if result is None:
        return ["ok", b""]
    if isinstance(result, str | bytes):
        return ["ok", result.encode() if isinstance(result, str) else result]
    raise TypeError(f"{method} must return text, not {type(result).__name__}")


def _called(method: str, args: Mapping[str, str], life_cycle: bool) -> Any:  # noqa: FBT001
    import contract  # type: ignore[import-not-found]  # noqa: PLC0415  # its faults are the call's

    written = contract.Contract()
    known = not method.startswith("_") and (life_cycle or method not in LIFE_CYCLE)
    function = getattr(written, method, None) if known else None
    if not callable(function):
        raise Refused(f"there is no method {method}")
    return function(Chain(args), **_wanted(function, method, args))


def _wanted(function: Any, method: str, args: Mapping[str, str]) -> dict[str, str]:
    """Of the arguments those that the method names; the rest is in `get_args`."""
    parameters = list(inspect.signature(function).parameters.values())[1:]
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters):
        return dict(args)
    for parameter in parameters:
        if parameter.default is parameter.empty and parameter.name not in args:
            raise Refused(f"{method} needs the argument {parameter.name}")
    return {each.name: args[each.name] for each in parameters if each.name in args}
