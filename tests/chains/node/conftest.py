"""Four organisations and a stand-in node of theirs, on a real socket with mutual TLS."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import grpc
import pytest

from chains.node.client import Connection
from chains.node.members import Member, member
from chains.node.network import Network, Tls
from tests.chains.node.authorities import Authority, Pair
from tests.chains.node.standin import Notebook, Standin

ORGANISATIONS = ("centre.example", "grid.example", "plant.example", "auditor.example")
MODULE = b"\0asm\1\0\0\0"


@dataclass
class World:
    authorities: dict[str, Authority]
    users: dict[str, Member]
    """Of each organisation its client."""
    admins: list[Member]
    """One of each organisation."""
    tls: Tls
    server: grpc.ServerCredentials


@dataclass
class Site:
    """A running stand-in and who may talk to it."""

    world: World
    node: Standin
    port: int

    def network(self, who: Member | None = None, tls: Tls | None = None) -> Network:
        return Network(
            address=f"127.0.0.1:{self.port}",
            chain="chain1",
            member=who or self.world.users["grid.example"],
            tls=tls or self.world.tls,
        )

    def restart(self) -> None:
        assert self.node.serve(self.world.server, self.port) == self.port


def tls_of(authorities: dict[str, Authority], pair: Pair) -> Tls:
    pems = b"".join(authority.pem for authority in authorities.values())
    return Tls(authorities=pems, certificate=pair.certificate, key=pair.key)


@pytest.fixture(scope="session")
def world() -> World:
    authorities = {name: Authority(name) for name in ORGANISATIONS}
    users, admins = {}, []
    for name, authority in authorities.items():
        user, admin = authority.issue("client1", "client"), authority.issue("admin1", "admin")
        users[name] = member(user.certificate, user.key)
        admins.append(member(admin.certificate, admin.key))
    node = authorities["centre.example"].issue("node1", "consensus")
    return World(
        authorities=authorities,
        users=users,
        admins=admins,
        tls=tls_of(authorities, authorities["grid.example"].issue("client1", "client")),
        server=grpc.ssl_server_credentials(
            [(node.key, node.certificate)],
            root_certificates=b"".join(authority.pem for authority in authorities.values()),
            require_client_auth=True,
        ),
    )


@pytest.fixture
def site(world: World) -> Iterator[Site]:
    pems = {name: authority.pem for name, authority in world.authorities.items()}
    node = Standin(pems, Notebook())
    found = Site(world, node, node.serve(world.server))
    yield found
    node.stop()


@pytest.fixture
def connection(site: Site) -> Iterator[Connection]:
    with Connection(site.network()) as found:
        yield found


@pytest.fixture
def installed(site: Site, connection: Connection) -> Connection:
    """A connection to a chain with the contract `notes`, installed by grid.example."""
    connection.create_contract("notes", MODULE, endorsers=site.world.admins[:3])
    return connection
