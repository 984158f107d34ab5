"""Hosts with names and addresses of their own, on one machine.

As root each is a network namespace on a bridge, with its own host name: its cable can be pulled.
Elsewhere each reaches the services by its own loopback address, and can only be killed.
"""

from __future__ import annotations

import os
import secrets
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dev.services import Service, find_queue_server, free_port
from dev.shell import Stop, is_root, wait_until


@dataclass(frozen=True, slots=True)
class Host:
    """One host of a `Network`."""

    name: str
    services: str
    """The address at which it reaches the database and Redis."""
    enter: tuple[str, ...] = ()
    """What to put before a command that is to run there."""
    cable: str = ""
    """The network interface at the other end of its cable; '' where it has none."""

    def pull_cable(self) -> None:
        """From now on nothing that it sends arrives, and it learns nothing."""
        _ip("link", "set", self.cable, "down")

    def put_cable_back(self) -> None:
        _ip("link", "set", self.cable, "up")


@dataclass(frozen=True, slots=True)
class Network:
    """Some hosts, and the machine that holds the services."""

    cidr: str
    """From which addresses hosts come."""
    hosts: tuple[Host, ...]
    are_namespaces: bool

    @property
    def addresses(self) -> list[str]:
        """Where the services listen: for this machine, and for the hosts."""
        return ["127.0.0.1", *sorted({host.services for host in self.hosts})]


@contextmanager
def network(*names: str) -> Iterator[Network]:
    """Hosts of these names until the block ends."""
    if not _can_have_namespaces():
        hosts = [Host(name, f"127.0.0.{n}") for n, name in enumerate(names, start=2)]
        yield Network("127.0.0.0/8", tuple(hosts), are_namespaces=False)
        return
    # A name of an interface has at most 15 signs; several tests may run at the same time.
    mark = secrets.token_hex(3)
    subnet = f"10.{100 + secrets.randbelow(100)}.{secrets.randbelow(250)}"
    bridge, services = f"cw{mark}", f"{subnet}.1"
    made = []
    try:
        _ip("link", "add", bridge, "type", "bridge")
        made.append(("link", "del", bridge))
        _ip("addr", "add", f"{services}/24", "dev", bridge)
        _ip("link", "set", bridge, "up")
        hosts = []
        for number, name in enumerate(names, start=2):
            space, cable = f"cw{mark}-{number}", f"cw{mark}v{number}"
            _ip("netns", "add", space)
            made.append(("netns", "del", space))
            _ip("link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", space)
            _ip("link", "set", cable, "master", bridge, "up")
            _ip("-n", space, "addr", "add", f"{subnet}.{number}/24", "dev", "eth0")
            _ip("-n", space, "link", "set", "eth0", "up")
            _ip("-n", space, "link", "set", "lo", "up")
            named = ("unshare", "--uts", "sh", "-c", 'hostname "$0" && exec "$@"', name)
            hosts.append(Host(name, services, ("ip", "netns", "exec", space, *named), cable))
        yield Network(f"{subnet}.0/24", tuple(hosts), are_namespaces=True)
    finally:
        for arguments in reversed(made):
            _ip(*arguments)


def start_network_queue(home: Path, *, log: Path, addresses: Sequence[str]) -> tuple[Service, int]:
    """A Redis-compatible server that is reached at these addresses, and its port."""
    server = find_queue_server()
    if server is None:
        raise Stop("Redis is missing. Install it: apt install redis-server")
    port = free_port()
    command = [
        *(server, "--port", str(port), "--bind", *addresses, "--protected-mode", "no"),
        *("--dir", str(home), "--save", "", "--appendonly", "no"),
    ]
    service = Service("redis", command, log=log)
    wait_until("the queue server", lambda: "Ready to accept" in log.read_text(errors="replace"))
    return service, port


def _can_have_namespaces() -> bool:
    if not is_root():
        return False
    name = f"cw{os.getpid()}"
    try:
        _ip("netns", "add", name)
        _ip("netns", "del", name)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)
