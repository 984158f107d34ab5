"""The door to the closed boxes: chooses a lane, proves it, and opens boxes on it.

Both lanes count as full lanes: each must refuse every canary before it may take a job, and
the attack suite holds on both. They differ in what is left over. On the bubblewrap lane a
program sees an empty machine. On the Landlock lane it can learn that a path of the host exists
and how large it is (the kernel gives `stat` no hook), its process numbers are the host's, and it
can write nowhere, not even in `/tmp`. A host that wants only the first says so with `lanes`.

There is no way to run a program without a lane.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from sandbox import canaries, lanes
from sandbox.box import ClosedBox, program_frame
from sandbox.kept import Kept, Lease
from sandbox.types import BoxBroken, Limits, Unavailable

BOXES_PER_LANE = 500
"""After so many boxes a lane is replaced, as soon as no box is open."""
MAX_FILES = 64
MAX_NAME = 200

_STANDARD = Limits()
_ADVICE = (
    "Nothing is run on this host until a lane holds. Install bubblewrap and let its user make "
    "user namespaces (sysctl user.max_user_namespaces, "
    "kernel.apparmor_restrict_unprivileged_userns), or use a kernel with Landlock (6.2 or "
    "later); then run `python -m sandbox.check`."
)


class Lane:
    """One fork server that opens boxes, and no more: nothing has proved it yet."""

    def __init__(self, name: str, bwrap: str | None = None) -> None:
        self.server = lanes.start(name, bwrap)
        self.name = name
        self.open_boxes = 0
        self.spoilt = False
        """A set-up failed here: the lane must be replaced."""

    def open(
        self,
        files: Mapping[str, str],
        *,
        main: str,
        limits: Limits = _STANDARD,
        trusted: bool = False,
    ) -> ClosedBox:
        """See `Boxes.open`. A trusted program is held like any other; none is kept here."""
        del trusted
        check_names(files, main)
        program = program_frame(files, main, limits)
        try:
            slot = self.server.take()
        except lanes.LaneLost as lost:
            self.spoilt = True
            raise BoxBroken(str(lost)) from lost
        self.open_boxes += 1
        return ClosedBox(slot, program, files, limits, self._ended)

    def _ended(self, broken: BoxBroken | None) -> None:
        self.open_boxes -= 1
        self.spoilt = self.spoilt or broken is not None

    @property
    def worn_out(self) -> bool:
        """Whether the next box should be opened on another lane, once no box is open here."""
        return self.spoilt or self.server.forked > BOXES_PER_LANE

    def close(self) -> None:
        self.server.close()


class LaneBoxes:
    """A `Boxes` on one kind of lane, which it replaces when it is worn out."""

    def __init__(self, name: str, bwrap: str | None = None) -> None:
        self._name = name
        self._bwrap = bwrap
        self._kept = Kept()
        self._lane = self._start()

    def _start(self) -> Lane:
        lane = Lane(self._name, self._bwrap)
        try:
            breaches = canaries.breaches(lane)
        except BaseException:
            lane.close()
            raise
        if breaches:
            lane.close()
            raise Unavailable(f"the {self._name} lane let canaries out: {'; '.join(breaches)}")
        return lane

    @property
    def lane(self) -> Lane:
        """The lane that is in use."""
        return self._lane

    def open(
        self,
        files: Mapping[str, str],
        *,
        main: str,
        limits: Limits = _STANDARD,
        trusted: bool = False,
    ) -> ClosedBox | Lease:
        if self._lane.worn_out:
            self._replace_lane()
        if not trusted:
            return self._lane.open(files, main=main, limits=limits)
        return self._kept.lease(
            files, main, limits, lambda: self._lane.open(files, main=main, limits=limits)
        )

    def _replace_lane(self) -> None:
        """At once where a set-up failed; otherwise as soon as nobody uses a box of the lane."""
        self._kept.close()
        if self._lane.spoilt or self._lane.open_boxes == 0:
            self._lane.close()
            self._lane = self._start()

    def close(self) -> None:
        self._kept.close()
        self._lane.close()


def open_boxes(*, lanes: Sequence[str] = lanes.LANES, bwrap: str | None = None) -> LaneBoxes:
    """The first of `lanes` that starts on this host and refuses every canary.

    `bwrap` is the path of bubblewrap where it is not to be looked for. Takes some hundred
    milliseconds. The process that opens uses and closes it, in the thread that opened it:
    the lane ends with that thread. Raises `Unavailable` with a reason for an operator.
    """
    if platform.system() != "Linux":
        raise Unavailable(f"Programs can be closed in on Linux only, not on {platform.system()}.")
    reasons = []
    for name in lanes:
        try:
            return LaneBoxes(name, bwrap)
        except Unavailable as unavailable:
            reasons.append(unavailable.reason)
    found = "; ".join(reasons) or "no lane is allowed by the settings"
    raise Unavailable(f"No lane can hold a program: {found}. {_ADVICE}")


def check_names(files: Mapping[str, str], main: str) -> None:
    """Raise `ValueError` unless `files` are relative names and `main` is an importable one."""
    if len(files) > MAX_FILES:
        raise ValueError(f"more than {MAX_FILES} files")
    folders = {str(folder) for name in files for folder in PurePosixPath(name).parents}
    for name in files:
        parts = name.split("/")
        clean = name.isprintable() and len(name.encode()) <= MAX_NAME
        if not clean or name in folders or any(part in ("", ".", "..") for part in parts):
            raise ValueError(f"{name[:MAX_NAME]!r} is no relative file name")
    path = PurePosixPath(main)
    importable = all(part.isidentifier() for part in path.with_suffix("").parts)
    if main not in files or path.suffix != ".py" or not importable:
        raise ValueError(
            f"{main[:MAX_NAME]!r} is not the name of an importable file of the program"
        )
