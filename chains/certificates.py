"""X.509 certificates and revocation lists with SM2 keys and SM2-with-SM3 signatures.

Sources: RFC 5280 for the shapes, GM/T 0015 for the use of SM2 in them, GM/T 0006 for the object
identifiers, RFC 5915 and RFC 5958 for private keys. As ChainMaker has it (docs,
tech/身份权限管理), the subject's O names the organisation and OU the role. The bytes are a function
of the arguments.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from chains import curve, der, sm

EC_KEY = "1.2.840.10045.2.1"
SM2_CURVE = "1.2.156.10197.1.301"
SM2_WITH_SM3 = "1.2.156.10197.1.501"
COMMON_NAME, COUNTRY, ORGANISATION, UNIT = "2.5.4.3", "2.5.4.6", "2.5.4.10", "2.5.4.11"
KEY_ID, KEY_USAGE, CONSTRAINTS, AUTHORITY_KEY_ID = (
    "2.5.29.14",
    "2.5.29.15",
    "2.5.29.19",
    "2.5.29.35",
)
DIGITAL_SIGNATURE = der.bits(b"\x80", 7)
CERT_AND_CRL_SIGN = der.bits(b"\x06", 1)
ALGORITHM = der.sequence(der.oid(SM2_WITH_SM3))
PEM = re.compile(r"\s*-----BEGIN ([A-Z0-9 ]+)-----\s([A-Za-z0-9+/=\s]+)-----END \1-----\s*")


@dataclass(frozen=True, slots=True)
class Name:
    """Whom a certificate names, or who issued it."""

    common_name: str
    organisation: str
    role: str
    """OU; "" where there is none."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate as read. Nothing of it is believed before its signature is verified."""

    subject: Name
    issuer: Name
    serial: int
    not_before: int
    """Unix seconds, the first of its validity."""
    not_after: int
    """Unix seconds, the last of its validity."""
    public_key: bytes
    """The uncompressed point of SM2."""
    is_authority: bool
    key_id: bytes
    signed: bytes
    """The bytes that the issuer signed."""
    signature: bytes


@dataclass(frozen=True, slots=True)
class RevocationList:
    """A certificate revocation list as read."""

    issuer: Name
    this_update: int
    next_update: int
    serials: frozenset[int]
    signed: bytes
    signature: bytes


def key_id(public_key: bytes) -> bytes:
    """The subject key identifier: SM3 of the point, what ChainMaker's contracts see of a caller."""
    return sm.sm3(public_key)


def issued(  # noqa: PLR0913  # as many as a certificate has fields
    *,
    subject: Name,
    public_key: bytes,
    issuer: Name,
    issuer_secret: int,
    issuer_public_key: bytes,
    serial: int,
    not_before: int,
    not_after: int,
    is_authority: bool,
) -> bytes:
    """The DER of a certificate of version 3, signed by the issuer."""
    extensions = [_extension(KEY_ID, der.item(der.OCTET_STRING, key_id(public_key)))]
    if is_authority:
        truth = der.sequence(der.item(der.BOOLEAN, b"\xff"))
        extensions.append(_extension(CONSTRAINTS, truth, critical=True))
        extensions.append(_extension(KEY_USAGE, CERT_AND_CRL_SIGN, critical=True))
    else:
        identifier = der.sequence(der.item(0x80, key_id(issuer_public_key)))
        extensions.append(_extension(AUTHORITY_KEY_ID, identifier))
        extensions.append(_extension(KEY_USAGE, DIGITAL_SIGNATURE, critical=True))
    to_sign = der.sequence(
        der.explicit(0, der.integer(2)),
        der.integer(serial),
        ALGORITHM,
        _name(issuer),
        der.sequence(der.time(not_before), der.time(not_after)),
        _name(subject),
        public_key_info(public_key),
        der.explicit(3, der.sequence(*extensions)),
    )
    return _signed(to_sign, issuer_secret, issuer_public_key)


def revocation_list(
    *,
    issuer: Name,
    issuer_secret: int,
    issuer_public_key: bytes,
    serials: Sequence[int],
    this_update: int,
    next_update: int,
) -> bytes:
    """The DER of a revocation list of version 2 with these serial numbers."""
    revoked = [
        der.sequence(der.integer(serial), der.time(this_update)) for serial in sorted(serials)
    ]
    identifier = der.sequence(der.item(0x80, key_id(issuer_public_key)))
    number = _extension("2.5.29.20", der.integer(1))
    to_sign = der.sequence(
        der.integer(1),
        ALGORITHM,
        _name(issuer),
        der.time(this_update),
        der.time(next_update),
        *([der.sequence(*revoked)] if revoked else []),
        der.explicit(0, der.sequence(_extension(AUTHORITY_KEY_ID, identifier), number)),
    )
    return _signed(to_sign, issuer_secret, issuer_public_key)


def public_key_info(public_key: bytes) -> bytes:
    """SubjectPublicKeyInfo (RFC 5480) of an SM2 key."""
    return der.sequence(
        der.sequence(der.oid(EC_KEY), der.oid(SM2_CURVE)),
        der.bits(public_key),
    )


def private_key(secret: int, public_key: bytes) -> bytes:
    """PKCS #8 of an SM2 secret. The curve stands inside too (RFC 5915 `[0]`): ChainMaker's own
    programs write it so, and its Python SDK misreads the key without it."""
    inner = der.sequence(
        der.integer(1),
        der.item(der.OCTET_STRING, secret.to_bytes(32, "big")),
        der.explicit(0, der.oid(SM2_CURVE)),
        der.explicit(1, der.bits(public_key)),
    )
    algorithm = der.sequence(der.oid(EC_KEY), der.oid(SM2_CURVE))
    return der.sequence(der.integer(0), algorithm, der.item(der.OCTET_STRING, inner))


def pem(label: str, data: bytes) -> str:
    """RFC 7468: lines of 64 characters between the two marks of the label."""
    text = base64.b64encode(data).decode()
    lines = [text[start : start + 64] for start in range(0, len(text), 64)]
    return "\n".join((f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""))


def from_pem(label: str, text: str) -> bytes:
    """The bytes of the one PEM block in a text. Raises `ValueError` for anything else."""
    found = PEM.fullmatch(text)
    if found is None or found.group(1) != label:
        raise ValueError(f"not one PEM block of {label}")
    try:
        return base64.b64decode("".join(found.group(2).split()), validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error


def read(data: bytes) -> Certificate:
    """The certificate of these bytes. Raises `ValueError` where it is none, or not one with an SM2
    key and an SM2-with-SM3 signature."""
    to_sign, signature = _unsigned(data)
    parts = der.read_sequence(to_sign)
    if parts[:1] and parts[0][0] == 0xA0:
        parts = parts[1:]  # the version: what is there says it as well
    if len(parts) not in (6, 7):
        raise ValueError("not an X.509 certificate as this module reads it")
    serial, algorithm, issuer, validity, subject, public_key, *extensions = parts
    _require_algorithm(algorithm)
    times = [der.read_time(part) for part in _content(validity)]
    if len(times) != 2:
        raise ValueError("not a validity of two times")
    found = Certificate(
        subject=_read_name(subject),
        issuer=_read_name(issuer),
        serial=der.read_integer(serial),
        not_before=times[0],
        not_after=times[1],
        public_key=_read_public_key(public_key),
        is_authority=False,
        key_id=b"",
        signed=to_sign,
        signature=signature,
    )
    for part in extensions:
        found = _with_extensions(found, der.content_of(part, 0xA3))
    return found


def read_revocation_list(data: bytes) -> RevocationList:
    """The list of these bytes. Raises `ValueError` as `read` does."""
    to_sign, signature = _unsigned(data)
    parts = der.read_sequence(to_sign)
    if len(parts) not in (6, 7) or der.read_integer(parts[0]) != 1:
        raise ValueError("not a revocation list of version 2")
    _require_algorithm(parts[1])
    entries = _content(parts[5]) if len(parts) == 7 else []
    serials = [der.read_integer(_content(entry)[0]) for entry in entries]
    return RevocationList(
        issuer=_read_name(parts[2]),
        this_update=der.read_time(parts[3]),
        next_update=der.read_time(parts[4]),
        serials=frozenset(serials),
        signed=to_sign,
        signature=signature,
    )


def _signed(to_sign: bytes, secret: int, public_key: bytes) -> bytes:
    signature = sm.sign(secret, to_sign, public=public_key)
    return der.sequence(to_sign, ALGORITHM, der.bits(signature))


def _unsigned(data: bytes) -> tuple[bytes, bytes]:
    parts = der.read_sequence(data)
    if len(parts) != 3:
        raise ValueError("not three parts: what is signed, the algorithm, the signature")
    _require_algorithm(parts[1])
    return der.item(*parts[0]), der.read_bits(parts[2])


def _require_algorithm(part: der.Item) -> None:
    if _content(part)[:1] != der.read_sequence(ALGORITHM):
        raise ValueError("not signed with SM2 and SM3")


def _content(part: der.Item) -> list[der.Item]:
    """The items of a sequence. Some of them are asked for by place: none may be missing."""
    if not (items := der.read_all(der.content_of(part, der.SEQUENCE))):
        raise ValueError("an empty sequence")
    return items


def _extension(dotted: str, content: bytes, *, critical: bool = False) -> bytes:
    mark = [der.item(der.BOOLEAN, b"\xff")] if critical else []
    return der.sequence(der.oid(dotted), *mark, der.item(der.OCTET_STRING, content))


def _with_extensions(certificate: Certificate, data: bytes) -> Certificate:
    for part in der.read_sequence(data):
        name, *_, value = _content(part)
        content = der.content_of(value, der.OCTET_STRING)
        dotted = der.read_oid(name)
        if dotted == CONSTRAINTS:
            parts = der.read_sequence(content)
            authority = parts[:1] == [(der.BOOLEAN, b"\xff")]
            certificate = replace(certificate, is_authority=authority)
        elif dotted == KEY_ID:
            certificate = replace(certificate, key_id=der.read_one(content, der.OCTET_STRING))
    return certificate


def _name(name: Name) -> bytes:
    parts = [
        _attribute(COUNTRY, der.item(der.PRINTABLE, b"CN")),
        _attribute(ORGANISATION, der.item(der.UTF8, name.organisation.encode())),
    ]
    if name.role:
        parts.append(_attribute(UNIT, der.item(der.UTF8, name.role.encode())))
    parts.append(_attribute(COMMON_NAME, der.item(der.UTF8, name.common_name.encode())))
    return der.sequence(*parts)


def _attribute(dotted: str, value: bytes) -> bytes:
    return der.set_of(der.sequence(der.oid(dotted), value))


def _read_name(part: der.Item) -> Name:
    """The first of each attribute that we know; others are passed over."""
    found: dict[str, str] = {}
    for relative in _content(part):
        for attribute in der.read_all(der.content_of(relative, der.SET)):
            kind, value = _content(attribute)
            if value[0] in (der.UTF8, der.PRINTABLE):
                found.setdefault(der.read_oid(kind), value[1].decode())
    return Name(
        common_name=found.get(COMMON_NAME, ""),
        organisation=found.get(ORGANISATION, ""),
        role=found.get(UNIT, ""),
    )


def _read_public_key(part: der.Item) -> bytes:
    point = der.read_bits(_content(part)[-1])
    if der.item(*part) != public_key_info(point):
        raise ValueError("not an SM2 public key")
    curve.decoded(point)
    return point
