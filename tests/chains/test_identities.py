"""Identities and their certificates: the same bytes everywhere, and every reason to refuse one."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chains import certificates, der, sm
from chains.identities import (
    DAY_SECONDS,
    NOT_AFTER,
    NOT_BEFORE,
    ROLES,
    Fault,
    authority,
    certificate,
    identity,
    private_key,
    public_key_of,
    revocation_list,
    secret_of,
    seed_of,
    verify,
)
from chains.types import GENESIS_SECONDS

GRID, PLANT = "grid.example", "plant.example"
NOW = GENESIS_SECONDS + 5
OPENSSL = shutil.which("openssl")
needs_openssl = pytest.mark.skipif(OPENSSL is None, reason="no openssl here")


def test_an_identity_never_changes() -> None:
    found = identity("meter", GRID, "client", 7)
    assert (found.name, found.organisation, found.role) == ("meter", GRID, "client")
    assert found.public_key == ("812831e3586ba6544d9b5b0bcfbca1591a130c47e57e2cd47035a22da2d74d2b")
    assert found.address == "812831e3586ba6544d9b5b0bcfbca1591a130c47"
    assert hashlib.sha256(found.certificate.encode()).hexdigest() == (
        "d0da700b9b28092727446d8dde8f0ff1ea8bca4f7262ec75bd795e8b95286958"
    )


def test_the_key_and_the_address_are_those_of_the_certificate() -> None:
    found = identity("meter", GRID, "client", 7)
    read = certificates.read(certificates.from_pem("CERTIFICATE", found.certificate))
    assert read.public_key == public_key_of("meter", GRID, "client", 7)
    assert found.public_key == read.key_id.hex()
    assert found.address == sm.sm3(read.public_key)[:20].hex()
    assert read.subject == certificates.Name("meter.grid.example", GRID, "client")
    assert read.issuer == certificates.Name("ca.grid.example", GRID, "ca")
    assert (read.not_before, read.not_after) == (NOT_BEFORE, NOT_AFTER)
    assert not read.is_authority


def test_each_argument_makes_another_identity() -> None:
    found = [
        identity("meter", GRID, "client", 7),
        identity("metre", GRID, "client", 7),
        identity("meter", PLANT, "client", 7),
        identity("meter", GRID, "admin", 7),
        identity("meter", GRID, "client", 8),
        # Parts are kept apart: these two would be the same text put end to end.
        identity("a", "bc", "client", 7),
        identity("ab", "c", "client", 7),
    ]
    assert len({each.public_key for each in found}) == len(found)
    assert len({each.address for each in found}) == len(found)


names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)


@settings(max_examples=25, deadline=None)
@given(names, names, st.sampled_from(ROLES), st.integers(0, 2**62))
def test_every_certificate_is_good_for_its_authority(
    name: str, organisation: str, role: str, seed: int
) -> None:
    found = identity(name, organisation, role, seed).certificate
    assert verify(found, authority(organisation, seed), at=NOW) == ()
    assert verify(found, authority(organisation, seed + 1), at=NOW) == (Fault.BAD_SIGNATURE,)
    assert verify(authority(organisation, seed), authority(organisation, seed), at=NOW) == (
        Fault.NO_ROLE,
    )


@pytest.mark.parametrize(
    ("at", "faults"),
    [
        (100, (Fault.NOT_YET_VALID,)),
        (NOW - 1, (Fault.NOT_YET_VALID,)),
        (NOW, ()),
        (NOW + 10, ()),
        (NOW + 11, (Fault.EXPIRED,)),
    ],
)
def test_a_certificate_has_its_time(at: int, faults: tuple[Fault, ...]) -> None:
    found = certificate("meter", GRID, "client", 7, NOW, NOW + 10)
    assert verify(found, authority(GRID, 7), at=at) == faults


def test_an_authority_has_its_time_too() -> None:
    late = certificate("meter", GRID, "client", 7, NOW, NOT_AFTER + DAY_SECONDS)
    assert verify(late, authority(GRID, 7), at=NOT_AFTER + 1) == (Fault.EXPIRED,)


def test_a_strange_authority_is_no_issuer() -> None:
    found = identity("meter", GRID, "client", 7).certificate
    assert verify(found, authority(PLANT, 7), at=NOW) == (
        Fault.WRONG_ISSUER,
        Fault.OTHER_ORGANISATION,
        Fault.BAD_SIGNATURE,
    )


def test_a_member_is_no_authority() -> None:
    """A certificate that a member signed, in the name of the member, with the member's key."""
    boss = ("boss", GRID, "admin", 7)
    pem = issued_by(
        certificates.Name("boss.grid.example", GRID, "admin"),
        secret_of(*boss),
        certificates.Name("x.grid.example", GRID, "admin"),
    )
    assert verify(pem, identity(*boss).certificate, at=NOW) == (Fault.WRONG_ISSUER,)


def test_an_authority_speaks_for_its_own_organisation_only() -> None:
    secret = sm.secret_key(seed_of("authority", 7, GRID))
    name = certificates.Name("ca.grid.example", GRID, "ca")
    pems = [
        issued_by(name, secret, certificates.Name("x", organisation, "admin"))
        for organisation in (GRID, PLANT)
    ]
    assert [verify(pem, authority(GRID, 7), at=NOW) for pem in pems] == [
        (),
        (Fault.OTHER_ORGANISATION,),
    ]


def issued_by(issuer: certificates.Name, secret: int, subject: certificates.Name) -> str:
    data = certificates.issued(
        subject=subject,
        public_key=public_key_of("x", GRID, "admin", 7),
        issuer=issuer,
        issuer_secret=secret,
        issuer_public_key=sm.public_key(secret),
        serial=1,
        not_before=NOT_BEFORE,
        not_after=NOT_AFTER,
        is_authority=False,
    )
    return certificates.pem("CERTIFICATE", data)


@pytest.mark.parametrize(
    ("role", "asked", "faults"),
    [
        ("admin", "admin", ()),
        ("client", "admin", (Fault.NO_ROLE,)),
        ("boss", None, (Fault.NO_ROLE,)),
        ("boss", "boss", ()),
        ("", None, (Fault.NO_ROLE,)),
        ("light", None, ()),
    ],
)
def test_a_certificate_names_a_role(
    role: str, asked: str | None, faults: tuple[Fault, ...]
) -> None:
    found = identity("meter", GRID, role, 7).certificate
    assert verify(found, authority(GRID, 7), at=NOW, role=asked) == faults


def test_whom_the_list_names_is_revoked() -> None:
    meter, other = identity("meter", GRID, "client", 7), identity("other", GRID, "client", 7)
    listed = revocation_list(GRID, 7, [meter])
    ca = authority(GRID, 7)
    assert verify(meter.certificate, ca, at=NOW, revocation_list_pem=listed) == (Fault.REVOKED,)
    assert verify(other.certificate, ca, at=NOW, revocation_list_pem=listed) == ()
    nobody = revocation_list(GRID, 7, [])
    assert verify(meter.certificate, ca, at=NOW, revocation_list_pem=nobody) == ()


def test_a_list_of_another_authority_or_time_is_not_believed() -> None:
    meter = identity("meter", GRID, "client", 7)
    late = GENESIS_SECONDS + 30 * DAY_SECONDS
    good = revocation_list(GRID, 7, [meter])
    strange = {
        "of another organisation": (revocation_list(PLANT, 7, [meter]), NOW),
        "with another key": (revocation_list(GRID, 8, [meter]), NOW),
        "old": (good, late + 1),
        "of later": (good, GENESIS_SECONDS - 1),
        "not one": ("nothing", NOW),
        "a certificate": (meter.certificate, NOW),
    }
    found = {
        name: verify(meter.certificate, authority(GRID, 7), at=at, revocation_list_pem=pem)
        for name, (pem, at) in strange.items()
    }
    assert found == dict.fromkeys(strange, (Fault.BAD_LIST,))
    for at in (GENESIS_SECONDS, late):
        found_then = verify(meter.certificate, authority(GRID, 7), at=at, revocation_list_pem=good)
        assert found_then == (Fault.REVOKED,)


def test_faults_are_listed_together() -> None:
    meter = identity("meter", GRID, "client", 7)
    assert verify(
        meter.certificate,
        authority(PLANT, 7),
        at=NOT_AFTER + 1,
        role="admin",
        revocation_list_pem="nothing",
    ) == (
        Fault.WRONG_ISSUER,
        Fault.OTHER_ORGANISATION,
        Fault.BAD_SIGNATURE,
        Fault.EXPIRED,
        Fault.BAD_LIST,
        Fault.NO_ROLE,
    )


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_no_altered_byte_passes(data: st.DataObject) -> None:
    good = certificates.from_pem("CERTIFICATE", identity("meter", GRID, "client", 7).certificate)
    place = data.draw(st.integers(0, len(good) - 1))
    flip = data.draw(st.integers(1, 255))
    altered = good[:place] + bytes([good[place] ^ flip]) + good[place + 1 :]
    assert verify(certificates.pem("CERTIFICATE", altered), authority(GRID, 7), at=NOW) != ()


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 600), st.binary(max_size=60), st.integers(0, 60))
def test_reading_anything_raises_nothing_but_value_errors(
    start: int, noise: bytes, skipped: int
) -> None:
    good = certificates.from_pem("CERTIFICATE", identity("meter", GRID, "client", 7).certificate)
    spliced = good[:start] + noise + good[start + skipped :]
    for data in (noise, spliced, der.item(der.SEQUENCE, noise)):
        for read in (certificates.read, certificates.read_revocation_list):
            with suppress(ValueError):
                read(data)


def test_a_key_of_another_curve_is_not_read() -> None:
    good = certificates.from_pem("CERTIFICATE", identity("meter", GRID, "client", 7).certificate)
    sm2, p_256 = der.oid(certificates.SM2_CURVE), der.oid("1.2.840.10045.3.1.7")
    assert good.count(sm2) == 1
    with pytest.raises(ValueError, match="not an SM2 public key"):
        certificates.read(good.replace(sm2, p_256))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nAAA\n-----END CERTIFICATE-----\n",
        "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END X509 CRL-----\n",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" * 2,
    ],
)
def test_what_is_no_pem_is_unreadable(text: str) -> None:
    assert verify(text, authority(GRID, 7), at=NOW) == (Fault.UNREADABLE,)


@needs_openssl
def test_openssl_accepts_our_certificates(tmp_path: Path) -> None:
    ca, leaf, listed, key = (tmp_path / name for name in ("ca", "leaf", "crl", "key"))
    meter = identity("meter", GRID, "client", 7)
    ca.write_text(authority(GRID, 7))
    leaf.write_text(meter.certificate)
    listed.write_text(revocation_list(GRID, 7, [meter]))
    key.write_text(private_key("meter", GRID, "client", 7))
    files = ["-attime", str(NOW), "-x509_strict", "-CAfile", str(ca), str(leaf)]
    distinguishing_id = ["-vfyopt", "distid:1234567812345678"]
    assert openssl("verify", *distinguishing_id, *files).returncode == 0
    assert openssl("verify", *files).returncode == 2
    # Its list is read; OpenSSL has no way to be told the id by which to verify one.
    text = openssl("crl", "-in", str(listed), "-noout", "-text").stdout
    serial = certificates.read(certificates.from_pem("CERTIFICATE", meter.certificate)).serial
    assert f"Serial Number: {serial:016X}\n" in text
    public = openssl("x509", "-in", str(leaf), "-noout", "-pubkey").stdout
    assert openssl("pkey", "-in", str(key), "-pubout").stdout == public


@needs_openssl
def test_we_accept_certificates_of_openssl(tmp_path: Path) -> None:
    """Those that learners issue at the command line, with and without the right id."""
    for name in ("ca", "leaf"):
        openssl("ecparam", "-name", "SM2", "-genkey", "-noout", "-out", str(tmp_path / name))
    ca, leaf = str(tmp_path / "ca"), str(tmp_path / "leaf")
    right, wrong = ["-sigopt", "distid:1234567812345678"], ["-sigopt", "distid:somebody"]
    organisation = "/C=CN/O=grid.example"
    settings = tmp_path / "settings"
    constraint = "basicConstraints=critical,CA:TRUE,pathlen:0"
    settings.write_text(f"[req]\ndistinguished_name=name\n[name]\n[authority]\n{constraint}\n")
    found = []
    for option in (right, wrong):
        subject = ["-subj", f"{organisation}/OU=ca/CN=ca"]
        subject += ["-config", str(settings), "-extensions", "authority"]
        made = openssl("req", "-x509", "-key", ca, "-sm3", *right, *subject, "-out", f"{ca}.pem")
        assert made.returncode == 0, made.stderr
        subject = ["-subj", f"{organisation}/OU=admin/CN=me"]
        openssl("req", "-new", "-key", leaf, "-sm3", *right, *subject, "-out", f"{leaf}.csr")
        issuer = ["-CA", f"{ca}.pem", "-CAkey", ca, "-sm3", *option]
        checked = ["-vfyopt", "distid:1234567812345678", "-out", f"{leaf}.pem"]
        assert openssl("x509", "-req", "-in", f"{leaf}.csr", *issuer, *checked).returncode == 0
        pem = Path(f"{leaf}.pem").read_text()
        at = certificates.read(certificates.from_pem("CERTIFICATE", pem)).not_before
        found.append(verify(pem, Path(f"{ca}.pem").read_text(), at=at, role="admin"))
    assert found == [(), (Fault.BAD_SIGNATURE,)]


def openssl(*arguments: str) -> subprocess.CompletedProcess[str]:
    assert OPENSSL is not None
    return subprocess.run([OPENSSL, *arguments], check=False, capture_output=True, text=True)
