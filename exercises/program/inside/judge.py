"""What the authors of checks.py import. It runs in the checker's box, never in the learner's.

    @check("sum", en="Adds", zh="求和", points=2)
    def adds(solution, values, rng):
        equal(solution.add(1, 2), 3)

`solution` stands for the learner's program, which runs elsewhere: each call and each attribute is
a question to the host, and only values come back. An object that stays in the learner's box
is a `StandIn` here. docs/course-format.md says what each function promises.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NoReturn

import box  # type: ignore[import-not-found]  # put there by the sandbox
from readable import Verbatim, cut, readable  # type: ignore[import-not-found]  # shipped beside it


class Failed(BaseException):
    """A check is not met. No `except Exception` of an author swallows it."""

    def __init__(self, message: dict[str, str], misconception: str) -> None:
        super().__init__(message.get("en", ""))
        self.message = message
        self.misconception = misconception


class Ended(BaseException):
    """The learner's program ended while it was asked."""


class LearnerError(Exception):
    """The learner's code raised `type_name`."""

    def __init__(self, number: int, type_name: str, message: str) -> None:
        super().__init__(f"{type_name}: {message}")
        self.number = number
        self.type_name = type_name


class AuthorError(Exception):
    """checks.py does something that it may not."""


class _Now:
    """The check that runs."""

    key = ""
    answers = 0
    got: object = None
    expected: object = None
    compared = False


_checks: dict[str, tuple[tuple[str, str, str, float, bool], Callable[..., object]]] = {}


def check(
    key: str, *, en: str, zh: str, points: float = 1, hidden: bool = False
) -> Callable[[Callable[..., object]], Callable[..., object]]:
    """Register a function as a check. `key` is unique; `points` above 0."""
    if key in _checks:
        raise AuthorError(f"two checks have the key {key!r}")
    if not points > 0:
        raise AuthorError(f"check {key!r} needs points above 0")

    def register(function: Callable[..., object]) -> Callable[..., object]:
        _checks[key] = ((key, en, zh, float(points), bool(hidden)), function)
        return function

    return register


def equal(
    got: object, expected: object, en: str = "", zh: str = "", misconception: str = ""
) -> None:
    """The two values are equal, as `==` says."""
    _compared(got, expected)
    if got != expected:
        fail(en, zh, misconception)


def close(
    got: object,
    expected: float,
    within: float = 1e-9,
    en: str = "",
    zh: str = "",
    misconception: str = "",
) -> None:
    """A number at most `within` away."""
    _compared(got, expected)
    if not isinstance(got, int | float) or not abs(got - expected) <= within:
        fail(en, zh, misconception)


def true(condition: object, en: str = "", zh: str = "", misconception: str = "") -> None:
    if not condition:
        fail(en, zh, misconception)


def raises(
    name: str,
    function: Callable[..., object],
    *args: object,
    en: str = "",
    zh: str = "",
    misconception: str = "",
    **kwargs: object,
) -> None:
    """Calling the learner's `function` raises an exception whose class has this name."""
    try:
        got = readable(function(*args, **kwargs))
    except LearnerError as error:
        if error.type_name == name:
            return
        got = str(error)
    _compared(Verbatim(got), Verbatim(name))
    fail(en, zh, misconception)


def fail(en: str = "", zh: str = "", misconception: str = "") -> NoReturn:
    """End the check as not met."""
    message = {"en": en, "zh-hans": zh}
    raise Failed({language: text for language, text in message.items() if text}, misconception)


def _compared(got: object, expected: object) -> None:
    _Now.got, _Now.expected, _Now.compared = got, expected, True


class Member:
    """Something callable of the learner's: a function, a class, a method."""

    def __init__(self, owner: object, name: str) -> None:
        self._owner = owner
        self._name = name

    def __call__(self, *args: object, **kwargs: object) -> Any:
        return _ask("call", self._owner, self._name, to_wire(list(args)), to_wire(kwargs))

    def __getattr__(self, name: str) -> Any:
        """An attribute of a class or function of the learner's, as in `solution.Chain.LIMIT`."""
        if name.startswith("__"):
            raise AttributeError(name)
        return _ask("get", self._owner, f"{self._name}.{name}", [], {})

    def __repr__(self) -> str:
        return f"<{self._name}>"


class StandIn:
    """An object that stayed in the learner's box. Two stand for the same when they are equal."""

    def __init__(self, remote: Any) -> None:
        self._remote = remote
        self._members: dict[str, Member] = {}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _member(self._remote, self._members, name)

    def __call__(self, *args: object, **kwargs: object) -> Any:
        return Member(self._remote, "__call__")(*args, **kwargs)

    def __len__(self) -> int:
        try:
            return int(Member(self._remote, "__len__")())
        except LearnerError as error:
            if error.type_name == "AttributeError":  # list(…) of an iterator asks, and gets along
                raise TypeError(f"{self!r} has no length") from None
            raise

    def __bool__(self) -> bool:
        return True

    def __getitem__(self, key: object) -> Any:
        return Member(self._remote, "__getitem__")(key)

    def __contains__(self, item: object) -> bool:
        return bool(Member(self._remote, "__contains__")(item))

    def __iter__(self) -> Iterator[Any]:
        items = Member(self._remote, "__iter__")()
        step = Member(items._remote, "__next__")  # noqa: SLF001
        while True:
            try:
                yield step()
            except LearnerError as error:
                if error.type_name == "StopIteration":
                    return
                raise

    def __eq__(self, other: object) -> bool:
        return isinstance(other, StandIn) and self._remote == other._remote

    def __hash__(self) -> int:
        return hash(self._remote)

    def __repr__(self) -> str:
        return f"<{self._remote.type_name}#{self._remote.handle}>"


class Solution:
    """The learner's main module."""

    def __init__(self) -> None:
        self._members: dict[str, Member] = {}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _member(None, self._members, name)


_CALLABLE = frozenset({"function", "method", "type", "ABCMeta", "builtin_function_or_method"})


def _member(owner: object, members: dict[str, Member], name: str) -> Any:
    """The attribute `name` of `owner`; what is callable is looked up once."""
    if name in members:
        return members[name]
    value = _ask("get", owner, name, [], {})
    if isinstance(value, StandIn) and value._remote.type_name in _CALLABLE:  # noqa: SLF001
        members[name] = Member(owner, name)
        _Now.answers -= 1  # that there is such a function says nothing yet
        return members[name]
    return value


def _ask(act: str, owner: object, name: str, args: object, kwargs: object) -> Any:
    reply = box.ask((_Now.key, act, owner, name, args, kwargs))
    _Now.answers += 1
    match reply:
        case ("value", value):
            return value
        case ("objects", value):
            return from_wire(value)
        case ("raised", number, type_name, message):
            raise LearnerError(number, type_name, message)
    raise Ended


def to_wire(value: Any) -> Any:
    """An author's argument with stand-ins as what the host knows them by."""
    if value is None or isinstance(value, bool | int | float | str | bytes):
        return value
    if isinstance(value, StandIn):
        return value._remote  # noqa: SLF001
    if isinstance(value, Mapping):
        return {to_wire(key): to_wire(item) for key, item in value.items()}
    for kind in (list, tuple, set, frozenset):
        if isinstance(value, kind):
            return kind(map(to_wire, value))
    raise AuthorError(f"a {type(value).__name__} cannot be given to the learner's program")


def from_wire(value: Any) -> Any:
    if isinstance(value, box.Remote):
        return StandIn(value)
    if isinstance(value, dict):
        return {from_wire(key): from_wire(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return type(value)(map(from_wire, value))
    return value


def run(values: dict[str, object], seed: int) -> list[dict[str, object]]:
    """Tell the host which checks there are, run those that it wants, and give what each says.

    One call for all of them: a message costs more than a usual check. What is wrong with
    checks.py itself is raised as AuthorError.
    """
    _, wanted = box.ask(("checks", [entry for entry, _ in _checks.values()]))
    return [_run(key, values, seed) for key in wanted]


def _run(key: str, values: dict[str, object], seed: int) -> dict[str, object]:
    """Run one check.

    An exception of the check's own code after the learner's program has answered is the answer's
    fault (None where a list was expected): `unusable`. Missing names and imports are not.
    """
    _Now.key, _Now.answers, _Now.compared = key, 0, False
    rng = random.Random(f"{seed}:{key}")  # noqa: S311  # reproducible on purpose
    entry, function = _checks[key]
    try:
        function(_solution, values, rng)
        result: dict[str, object] = {"outcome": "passed"}
    except Failed as failed:
        result = {
            "outcome": "failed",
            "message": failed.message,
            "misconception": failed.misconception,
        }
    except Ended:
        return {"outcome": "ended"}
    except LearnerError as error:
        return {"outcome": "raised", "number": error.number}
    except Exception as error:  # noqa: BLE001  # whatever the author's code raises
        if not _Now.answers or isinstance(error, _MISTAKES):
            raise AuthorError(described(error)) from None
        return {"outcome": "unusable", "why": cut(f"{type(error).__name__}: {error}")}
    hidden = entry[-1]
    if _Now.compared and not hidden:
        result["got"] = readable(_Now.got)
        result["expected"] = readable(_Now.expected)
    return result


def described(error: BaseException) -> str:
    """An exception of the author's code with its line in checks.py."""
    line = getattr(error, "lineno", None)
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "checks.py":
            line = trace.tb_lineno
        trace = trace.tb_next
    return f"checks.py:{line}: {type(error).__name__}: {error}"


_MISTAKES = (AuthorError, NameError, ImportError, SyntaxError, MemoryError)
_solution = Solution()
