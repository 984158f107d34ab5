"""Boxes of course authors' programs, kept open from one use to the next.

A checker costs more to start than to ask. Its box is as closed as a learner's; what it may keep is
its own state, and only the same program is ever given the same box. A program that wants to
begin anew each time does so itself (`exercises.program.checker` does).
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Self

from sandbox.box import ClosedBox
from sandbox.types import Ask, Limits, Raised, Remote, Returned, Usage, Value

MOST_KEPT = 32
"""Boxes that wait. Each holds some megabytes of the lane's memory."""
MOST_USES = 200
_SHARE_OF_TIME = 0.1
"""A box that has used more of its wall limit than this is not used again: the next use has at
least what is left."""


class Lease:
    """A `Box` that goes back to where it came from when it is closed."""

    def __init__(self, box: ClosedBox, give_back: Callable[[Lease], None], limits: Limits) -> None:
        self.box = box
        self.uses = 0
        self.limits = limits
        self._give_back = give_back
        self._loaded: Returned | Raised | None = None

    def load(self) -> Returned | Raised:
        """Loads the program at the first use; later says the same again."""
        if self._loaded is None:
            self._loaded = self.box.load()
        return self._loaded

    def call(
        self,
        function: str,
        args: Sequence[Value] = (),
        kwargs: Mapping[str, Value] | None = None,
        *,
        on: Remote | None = None,
        ask: Ask | None = None,
    ) -> Returned | Raised:
        return self.box.call(function, args, kwargs, on=on, ask=ask)

    def read(self, name: str, *, on: Remote | None = None) -> Returned | Raised:
        return self.box.read(name, on=on)

    def output(self) -> str:
        return self.box.output()

    def usage(self) -> Usage:
        return self.box.usage()

    @property
    def usable(self) -> bool:
        """Whether the next use would find it as this one did: loaded, silent and rested."""
        spent = self.box.usage().wall_seconds
        return (
            self.box.healthy
            and isinstance(self._loaded, Returned)
            and self.uses < MOST_USES
            and spent <= self.limits.wall_seconds * _SHARE_OF_TIME
            and not self.box.output()
        )

    def close(self) -> None:
        self.uses += 1
        self._give_back(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            self.box.close()  # in the middle of a question: nobody knows what it would say next
        self.close()


class Kept:
    """The boxes that wait, the longest unused first."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[bytes, Lease] = OrderedDict()

    def lease(
        self,
        files: Mapping[str, str],
        main: str,
        limits: Limits,
        open_box: Callable[[], ClosedBox],
    ) -> Lease:
        """A box that waits for this program, else a new one from `open_box`."""
        key = _key(files, main, limits)
        waiting = self._waiting.pop(key, None)
        if waiting is not None and waiting.usable:
            return waiting
        if waiting is not None:
            waiting.box.close()
        return Lease(open_box(), lambda lease: self._take_back(key, lease), limits)

    def _take_back(self, key: bytes, lease: Lease) -> None:
        if key in self._waiting or not lease.usable:
            lease.box.close()
            return
        self._waiting[key] = lease
        if len(self._waiting) > MOST_KEPT:
            _, oldest = self._waiting.popitem(last=False)
            oldest.box.close()

    def close(self) -> None:
        """End every box that waits."""
        while self._waiting:
            self._waiting.popitem()[1].box.close()


def _key(files: Mapping[str, str], main: str, limits: Limits) -> bytes:
    digest = hashlib.sha256(repr((main, limits)).encode())
    for name in sorted(files):
        for part in (name, files[name]):
            data = part.encode("utf-8", "surrogatepass")
            digest.update(len(data).to_bytes(8, "big") + data)
    return digest.digest()
