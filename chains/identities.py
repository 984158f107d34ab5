"""Identities: who calls, made from a name, an organisation, a role and a seed.

As on ChainMaker in its certificate mode (docs, tech/身份权限管理), each organisation has an
authority of its own, which issues the certificates of its members; O names the organisation and OU
the role. A contract sees the subject key identifier as the key of its caller (`__sender_pk__`),
and as address the first 20 bytes of SM3 over the public key: ChainMaker's address type ZXL
without its prefix `ZX`.

The keys protect nothing: whoever knows the seed has them. That is their use, since a transcript
must be the same on every host.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache

from chains import certificates, sm
from chains.certificates import Certificate, Name, RevocationList
from chains.transcripts import canonical_json
from chains.types import GENESIS_SECONDS, Identity

ROLES = ("admin", "client", "common", "consensus", "light")
"""The roles that ChainMaker knows."""
DAY_SECONDS = 86_400
NOT_BEFORE = GENESIS_SECONDS - DAY_SECONDS
NOT_AFTER = NOT_BEFORE + 3653 * DAY_SECONDS
"""Certificates are valid for ten years from the day before the genesis blocks."""
KEPT = 4096


class Fault(StrEnum):
    """Why a certificate is not accepted."""

    UNREADABLE = "unreadable"
    """Not a certificate with an SM2 key and an SM2-with-SM3 signature."""
    WRONG_ISSUER = "wrong_issuer"
    """The authority's name is not the issuer's, or it is no authority."""
    OTHER_ORGANISATION = "other_organisation"
    """O names another organisation than the authority's: it may speak for its own only."""
    BAD_SIGNATURE = "bad_signature"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    BAD_LIST = "bad_list"
    """The revocation list is not this authority's, or not of this time."""
    NO_ROLE = "no_role"
    """OU names no role, or another than was asked for."""


def seed_of(purpose: str, *parts: str | int) -> bytes:
    """32 bytes that belong to a purpose and its parts: what every key here is made from."""
    return sm.sm3(canonical_json([f"chainwright {purpose}", *parts]))


@lru_cache(maxsize=KEPT)
def secret_of(name: str, organisation: str, role: str, seed: int) -> int:
    """The SM2 secret key of an identity."""
    return sm.secret_key(seed_of("identity", seed, organisation, role, name))


@lru_cache(maxsize=KEPT)
def public_key_of(name: str, organisation: str, role: str, seed: int) -> bytes:
    """The SM2 public key of an identity, an uncompressed point of 65 bytes."""
    return sm.public_key(secret_of(name, organisation, role, seed))


@lru_cache(maxsize=KEPT)
def identity(name: str, organisation: str, role: str, seed: int) -> Identity:
    """The identity of these arguments: the same of them give the same bytes, on every host."""
    public_key = public_key_of(name, organisation, role, seed)
    return Identity(
        name=name,
        organisation=organisation,
        role=role,
        public_key=certificates.key_id(public_key).hex(),
        address=sm.sm3(public_key)[:20].hex(),
        certificate=certificate(name, organisation, role, seed),
    )


@lru_cache(maxsize=KEPT)
def certificate(  # an identity and two times
    name: str,
    organisation: str,
    role: str,
    seed: int,
    not_before: int = NOT_BEFORE,
    not_after: int = NOT_AFTER,
) -> str:
    """The PEM of the certificate that the organisation's authority issued to this identity."""
    secret, public_key = _authority_keys(organisation, seed)
    data = certificates.issued(
        subject=Name(f"{name}.{organisation}", organisation, role),
        public_key=public_key_of(name, organisation, role, seed),
        issuer=_authority_name(organisation),
        issuer_secret=secret,
        issuer_public_key=public_key,
        serial=_serial(seed, organisation, role, name),
        not_before=not_before,
        not_after=not_after,
        is_authority=False,
    )
    return certificates.pem("CERTIFICATE", data)


@lru_cache(maxsize=KEPT)
def authority(organisation: str, seed: int) -> str:
    """The PEM of the certificate of an organisation's authority, signed by itself."""
    secret, public_key = _authority_keys(organisation, seed)
    name = _authority_name(organisation)
    data = certificates.issued(
        subject=name,
        public_key=public_key,
        issuer=name,
        issuer_secret=secret,
        issuer_public_key=public_key,
        serial=_serial(seed, organisation),
        not_before=NOT_BEFORE,
        not_after=NOT_AFTER,
        is_authority=True,
    )
    return certificates.pem("CERTIFICATE", data)


def revocation_list(
    organisation: str, seed: int, revoked: Iterable[Identity], *, at: int = GENESIS_SECONDS
) -> str:
    """The PEM of the list in which the authority revokes the certificates of these identities of
    its organisation. It is of the Unix time `at` and the 30 days from then."""
    secret, public_key = _authority_keys(organisation, seed)
    data = certificates.revocation_list(
        issuer=_authority_name(organisation),
        issuer_secret=secret,
        issuer_public_key=public_key,
        serials=[_serial(seed, organisation, each.role, each.name) for each in revoked],
        this_update=at,
        next_update=at + 30 * DAY_SECONDS,
    )
    return certificates.pem("X509 CRL", data)


def private_key(name: str, organisation: str, role: str, seed: int) -> str:
    """The PEM (PKCS #8) of an identity's secret key, for exercises that sign with OpenSSL."""
    args = (name, organisation, role, seed)
    data = certificates.private_key(secret_of(*args), public_key_of(*args))
    return certificates.pem("PRIVATE KEY", data)


def verify(
    certificate_pem: str,
    authority_pem: str,
    *,
    at: int,
    role: str | None = None,
    revocation_list_pem: str | None = None,
) -> tuple[Fault, ...]:
    """All that speaks against this certificate at the Unix time `at`, in the order of `Fault`; ()
    where it is good.

    `authority_pem` is trusted as it is. With `role`, OU must be just that; without it, one of
    `ROLES`.
    """
    try:
        found = certificates.read(certificates.from_pem("CERTIFICATE", certificate_pem))
        issuer = certificates.read(certificates.from_pem("CERTIFICATE", authority_pem))
    except ValueError:
        return (Fault.UNREADABLE,)
    faults = set(_faults(found, issuer, at))
    if revocation_list_pem is not None:
        faults |= _list_faults(found, issuer, revocation_list_pem, at)
    if found.subject.role not in (ROLES if role is None else (role,)):
        faults.add(Fault.NO_ROLE)
    return tuple(fault for fault in Fault if fault in faults)


def _faults(found: Certificate, issuer: Certificate, at: int) -> Iterable[Fault]:
    if found.issuer != issuer.subject or not issuer.is_authority:
        yield Fault.WRONG_ISSUER
    if found.subject.organisation != issuer.subject.organisation:
        yield Fault.OTHER_ORGANISATION
    if not sm.verify(issuer.public_key, found.signed, found.signature):
        yield Fault.BAD_SIGNATURE
    if at < max(found.not_before, issuer.not_before):
        yield Fault.NOT_YET_VALID
    if at > min(found.not_after, issuer.not_after):
        yield Fault.EXPIRED


def _list_faults(found: Certificate, issuer: Certificate, pem: str, at: int) -> set[Fault]:
    try:
        listed = certificates.read_revocation_list(certificates.from_pem("X509 CRL", pem))
    except ValueError:
        return {Fault.BAD_LIST}
    if not _is_current(listed, issuer, at):
        return {Fault.BAD_LIST}
    return {Fault.REVOKED} if found.serial in listed.serials else set()


def _is_current(listed: RevocationList, issuer: Certificate, at: int) -> bool:
    return (
        listed.issuer == issuer.subject
        and listed.this_update <= at <= listed.next_update
        and sm.verify(issuer.public_key, listed.signed, listed.signature)
    )


def _authority_name(organisation: str) -> Name:
    return Name(f"ca.{organisation}", organisation, "ca")


@lru_cache(maxsize=KEPT)
def _authority_keys(organisation: str, seed: int) -> tuple[int, bytes]:
    secret = sm.secret_key(seed_of("authority", seed, organisation))
    return secret, sm.public_key(secret)


def _serial(seed: int, *parts: str) -> int:
    """A positive number of 63 bits that belongs to whom the certificate is for."""
    return int.from_bytes(seed_of("serial", seed, *parts)[:8], "big") >> 1 | 1
