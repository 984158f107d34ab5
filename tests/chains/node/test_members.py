"""Certificates, keys and signatures of members."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from hypothesis import given, settings
from hypothesis import strategies as st

from chains import certificates, der, sm
from chains.node.members import Member, Signer, is_signed, member, signer_of
from chains.node.network import HOST_NAME, Misconfigured, read_network
from tests.chains.node.authorities import Authority, Pair, Sm2Authority

EC_PAIR = Authority("grid.example").issue("client1", "CLIENT")
SM2_PAIR = Sm2Authority("grid.example").issue("client1", "CLIENT")


def of(pair: Pair) -> Member:
    return member(pair.certificate, pair.key)


@pytest.mark.parametrize("pair", [EC_PAIR, SM2_PAIR], ids=["P-256", "SM2"])
def test_a_certificate_says_who(pair: Pair) -> None:
    assert of(pair).signer == Signer("grid.example", "client1", "client")


@pytest.mark.parametrize("pair", [EC_PAIR, SM2_PAIR], ids=["P-256", "SM2"])
def test_secrets_are_not_shown(pair: Pair) -> None:
    found = of(pair)
    assert isinstance(found.key, int) == (pair is SM2_PAIR)
    assert repr(found.key) not in repr(found)


@settings(max_examples=10, deadline=None)
@given(message=st.binary(max_size=100), other=st.binary(max_size=100))
@pytest.mark.parametrize("pair", [EC_PAIR, SM2_PAIR], ids=["P-256", "SM2"])
def test_only_the_message_itself_is_signed(pair: Pair, message: bytes, other: bytes) -> None:
    entry = of(pair).endorsement(message)
    assert is_signed(entry, message)
    assert is_signed(entry, other) == (message == other)


def test_what_is_no_certificate_has_signed_nothing() -> None:
    for pair in (EC_PAIR, SM2_PAIR):
        entry = of(pair).endorsement(b"message")
        for broken in (
            b"",
            b"\xff",
            b"-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----",
        ):
            entry.signer.member_info = broken
            assert not is_signed(entry, b"message")
        entry.signer.member_info = pair.certificate
        entry.signature = b"\x30\x00"
        assert not is_signed(entry, b"message")


def test_reads_an_sm2_key_in_either_form() -> None:
    secret = sm.secret_key(b"grid.example/client1")
    public = sm.public_key(secret)
    # As OpenSSL 3 writes it, without the curve inside, and as RFC 5915 alone has it.
    lean = der.sequence(
        der.integer(1),
        der.item(der.OCTET_STRING, secret.to_bytes(32, "big")),
        der.explicit(1, der.bits(public)),
    )
    algorithm = der.sequence(der.oid(certificates.EC_KEY), der.oid(certificates.SM2_CURVE))
    wrapped = der.sequence(der.integer(0), algorithm, der.item(der.OCTET_STRING, lean))
    bare = der.sequence(
        der.integer(1),
        der.item(der.OCTET_STRING, secret.to_bytes(32, "big")),
        der.explicit(0, der.oid(certificates.SM2_CURVE)),
        der.explicit(1, der.bits(public)),
    )
    for label, data in (("PRIVATE KEY", wrapped), ("EC PRIVATE KEY", bare)):
        key = certificates.pem(label, data).encode()
        assert member(SM2_PAIR.certificate, key).key == secret


def test_refuses_what_does_not_fit() -> None:
    other_curve = ec.generate_private_key(ec.SECP384R1())
    other_kind = ed25519.Ed25519PrivateKey.generate()
    locked = serialization.load_pem_private_key(EC_PAIR.key, None).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"word"),
    )
    plain = (
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    cases = [
        (SM2_PAIR.key, "does not belong"),
        (Authority("x").issue("y", "client").key, "does not belong"),
        (other_curve.private_bytes(*plain), "neither ECDSA P-256 nor SM2"),
        (other_kind.private_bytes(*plain), "neither ECDSA P-256 nor SM2"),
        (locked, "has a password"),
    ]
    for key, complaint in cases:
        with pytest.raises(ValueError, match=complaint):
            member(EC_PAIR.certificate, key)
    with pytest.raises(ValueError, match="PEM"):
        member(EC_PAIR.certificate, b"no key")
    with pytest.raises(ValueError, match="PEM"):
        signer_of(b"no certificate")


# --- the file ---


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    authority = Authority("grid.example")
    pair = authority.issue("client1", "client")
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys/user.crt").write_bytes(pair.certificate)
    (tmp_path / "keys/user.key").write_bytes(pair.key)
    (tmp_path / "keys/ca.crt").write_bytes(authority.pem)
    return tmp_path


PLAIN = """\
address = "10.0.0.5:12301"
chain = "chain1"
certificate = "keys/user.crt"
key = "keys/user.key"
"""
TLS = """
[tls]
authorities = ["keys/ca.crt", "keys/ca.crt"]
certificate = "keys/user.crt"
key = "keys/user.key"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "network.toml"
    path.write_text(text)
    return path


def test_reads_a_network(folder: Path) -> None:
    found = read_network(written(folder, PLAIN + TLS))
    assert (found.address, found.chain) == ("10.0.0.5:12301", "chain1")
    assert found.member.signer.organisation == "grid.example"
    assert found.tls is not None
    assert found.tls.authorities.count(b"BEGIN CERTIFICATE") == 2
    assert found.tls.host_name == HOST_NAME
    assert "PRIVATE KEY" not in repr(found)
    named = read_network(written(folder, PLAIN + TLS + 'host_name = "node1.example"\n'))
    assert named.tls is not None
    assert named.tls.host_name == "node1.example"
    assert read_network(written(folder, PLAIN)).tls is None


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("address", "network.toml"),
        (PLAIN.replace('chain = "chain1"\n', ""), "chain is missing"),
        (PLAIN + 'chian = "x"\n', "unknown key chian"),
        (PLAIN.replace('"chain1"', "1"), "chain is a text"),
        (PLAIN.replace("user.key", "lost.key"), "lost.key"),
        (PLAIN.replace("user.key", "ca.crt"), "network.toml"),
        (PLAIN + 'tls = "yes"\n', "tls is a table"),
        (PLAIN + TLS.replace('["keys/ca.crt", "keys/ca.crt"]', "[]"), "tls.authorities"),
        (PLAIN + TLS + "verify = false\n", "unknown key tls.verify"),
    ],
)
def test_says_what_is_wrong_with_a_network(folder: Path, text: str, complaint: str) -> None:
    with pytest.raises(Misconfigured, match=complaint):
        read_network(written(folder, text))
    with pytest.raises(Misconfigured, match=r"lost\.toml"):
        read_network(folder / "lost.toml")
