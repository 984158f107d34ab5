"""Fetching the newest files of a git repository, as bytes: nothing is checked out.

    fetched = fetch("https://git.example.org/courses.git", hosts={"git.example.org"})

The objects of one commit are fetched into a bare repository of a temporary folder and read from
there. So no hook, filter, submodule, LFS pointer or symbolic link of the repository ever does
anything: a link is a fault, a submodule is passed over, a pointer is its own few bytes. Git reads
no configuration but ours, asks nobody for a password and follows no redirection.
"""

from __future__ import annotations

import contextlib
import os
import re
import resource
import shutil
import signal
import subprocess
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from urllib.parse import urlsplit

SCHEMES = ("https",)
_BRANCH = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*")
_FILE, _PROGRAM, _LINK, _SUBMODULE = "100644", "100755", "120000", "160000"
_OUTPUT = 4 << 20
_TOO_LARGE = re.compile(
    rf"File too large|died of signal {signal.SIGXFSZ.value}\b|^fatal: .*invalid index-pack output$"
)
"""How git says that a program which it started was stopped for writing too much."""


@dataclass(frozen=True, slots=True)
class GitLimits:
    """What a repository may be. Sizes in bytes."""

    wall_seconds: float = 25.0
    packed: int = 64 << 20
    """Of the commit's objects as they are sent, and of each file."""
    unpacked: int = 32 << 20
    """Of the files that are wanted, together."""
    files: int = 5_000


LIMITS = GitLimits()


@dataclass(frozen=True, slots=True)
class Fetched:
    """The files of one commit."""

    commit: str
    files: dict[str, bytes]
    """Path below the wanted folder, with / → contents; hidden files and submodules are left out."""


class GitRefused(Exception):
    """Nothing was fetched. `code` is for programs: `address`, `host`, `branch`, `missing` (no such
    repository, branch or folder, or nobody may read it without a password), `time`, `size`, `link`,
    `git` (there is none on this host). `detail` is git's own last words, for people who know git.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


def fetch(
    url: str,
    *,
    hosts: Collection[str],
    branch: str = "",
    folder: str = "",
    schemes: Collection[str] = SCHEMES,
    limits: GitLimits = LIMITS,
) -> Fetched:
    """The newest commit of a branch ('': the one that the repository points to).

    `hosts` are the only ones that are spoken to. `folder` is where in the repository the wanted
    files lie. Raises `GitRefused`.
    """
    check_address(url, hosts=hosts, schemes=schemes)
    if branch and (not _BRANCH.fullmatch(branch) or ".." in branch):
        raise GitRefused("branch")
    git = shutil.which("git")
    if git is None:
        raise GitRefused("git")
    with TemporaryDirectory(prefix="git-") as place:
        repository = _Repository(git, Path(place), ":".join(schemes), limits)
        return repository.fetch(url, branch or "HEAD", folder.strip("/"))


def check_address(url: str, *, hosts: Collection[str], schemes: Collection[str] = SCHEMES) -> None:
    """Raises `GitRefused` (`address`, `host`) for what is not to be spoken to."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise GitRefused("address") from None
    plain = url.isascii() and url.isprintable() and not set(url) & set(" \"'\\<>^`{|}")
    if not plain or parts.scheme not in schemes or "@" in parts.netloc or parts.query:
        raise GitRefused("address")
    if host not in hosts or port not in (None, 443):
        raise GitRefused("host", host)


class _Repository:
    """A bare repository in a folder of its own, used once."""

    def __init__(self, git: str, place: Path, protocols: str, limits: GitLimits) -> None:
        self.git = git
        self.place = place
        self.limits = limits
        self.environment = {
            "PATH": "/usr/bin:/bin",
            "HOME": str(place),
            "LC_ALL": "C",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_ASKPASS": "/bin/false",
            "SSH_ASKPASS": "/bin/false",
            "GIT_ALLOW_PROTOCOL": protocols,
            "GIT_LFS_SKIP_SMUDGE": "1",
            "GIT_OPTIONAL_LOCKS": "0",
        }

    def fetch(self, url: str, branch: str, folder: str) -> Fetched:
        self._run("init", "--bare", "--quiet", "--template=", ".")
        self._run(
            *("-c", "core.hooksPath=/dev/null", "-c", "http.followRedirects=false"),
            *("-c", "credential.helper=", "-c", "transfer.fsckObjects=true"),
            *("-c", "fetch.unpackLimit=1", "-c", "gc.auto=0", "-c", "maintenance.auto=false"),
            *("fetch", "--quiet", "--depth=1", "--no-tags", "--no-recurse-submodules"),
            *("--", url, branch),
        )
        commit = self._run("rev-parse", "--verify", "FETCH_HEAD^{commit}").decode().strip()
        wanted = f"{commit}:{folder}" if folder else commit
        listed = self._run("ls-tree", "-r", "-l", "-z", "--full-tree", wanted)
        return Fetched(commit, self._contents(list(self._entries(listed))))

    def _entries(self, listed: bytes) -> Iterator[tuple[str, str, int]]:
        """Path, object and size of every file. Raises `GitRefused`."""
        total = count = 0
        for line in listed.decode("utf-8", "replace").split("\0"):
            if not line:
                continue
            about, path = line.split("\t", 1)
            mode, _kind, object_name, size = about.split()
            if mode == _SUBMODULE or path.startswith(".") or "/." in path:
                continue
            if mode not in {_FILE, _PROGRAM}:
                raise GitRefused("link" if mode == _LINK else "missing", path)
            total, count = total + int(size), count + 1
            if total > self.limits.unpacked or count > self.limits.files:
                raise GitRefused("size")
            yield path, object_name, int(size)

    def _contents(self, entries: list[tuple[str, str, int]]) -> dict[str, bytes]:
        asked = "".join(f"{name}\n" for _path, name, _size in entries)
        answer = self._run(
            "cat-file", "--batch", given=asked.encode(), most=self.limits.unpacked * 2
        )
        files, at = {}, 0
        for path, name, size in entries:
            end = answer.index(b"\n", at) + 1
            if answer[at:end].split() != [name.encode(), b"blob", str(size).encode()]:
                raise GitRefused("missing", path)
            files[path] = answer[end : end + size]
            at = end + size + 1
        return files

    def _run(self, *command: str, given: bytes = b"", most: int = _OUTPUT) -> bytes:
        """What git prints, at most so many bytes. Raises `GitRefused`.

        It prints into a file, which the kernel keeps from growing: a repository of a few bytes can
        hold trees without end.
        """
        with TemporaryFile() as told, TemporaryFile() as printed, TemporaryFile() as said:
            told.write(given)
            told.seek(0)
            process = subprocess.Popen(
                [self.git, *command],
                cwd=self.place,
                env=self.environment,
                stdin=told,
                stdout=printed,
                stderr=said,
                start_new_session=True,
            )
            try:
                self._limit(process.pid)
                code = process.wait(self.limits.wall_seconds)
            except subprocess.TimeoutExpired:
                raise GitRefused("time") from None
            finally:
                _end(process)
            said.seek(0)
            words = said.read(_OUTPUT).decode("utf-8", "replace").strip()[-300:]
            too_large = code == -signal.SIGXFSZ or _TOO_LARGE.search(words) is not None
            if too_large or printed.tell() > most:
                raise GitRefused("size", words)
            if code:
                raise GitRefused("missing", words)
            printed.seek(0)
            return printed.read()

    def _limit(self, pid: int) -> None:
        """Of git and of all that it starts."""
        most, seconds = self.limits.packed, int(self.limits.wall_seconds) + 1
        with contextlib.suppress(ProcessLookupError):  # it has ended already
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, most))
            resource.prlimit(pid, resource.RLIMIT_CPU, (seconds, seconds))
            resource.prlimit(pid, resource.RLIMIT_CORE, (0, 0))


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill whatever git has started, and wait for it."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
