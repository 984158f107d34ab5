"""Certificates made on the spot: authorities of organisations and what they issue."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from chains import certificates, sm

DAY = datetime.timedelta(days=1)
HOST_NAME = "chainmaker.org"


@dataclass(frozen=True, slots=True)
class Pair:
    certificate: bytes
    key: bytes


def name_of(organisation: str, role: str, name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, role),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )


def key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


@dataclass
class Authority:
    """An organisation's authority with an ECDSA P-256 key."""

    organisation: str
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def __post_init__(self) -> None:
        self.name = name_of(self.organisation, "root-cert", f"ca.{self.organisation}")
        self.certificate = self._build(self.name, self.key, authority=True, days=(-2, 2))

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def issue(
        self,
        name: str,
        role: str,
        *,
        organisation: str | None = None,
        days: tuple[int, int] = (-1, 1),
        hash_algorithm: hashes.SHA256 | hashes.SHA384 | None = None,
    ) -> Pair:
        """A user's or node's pair; `organisation` for one who claims to be of another."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = name_of(organisation or self.organisation, role, name)
        certificate = self._build(
            subject, key, authority=False, days=days, hash_algorithm=hash_algorithm
        )
        return Pair(certificate.public_bytes(serialization.Encoding.PEM), key_pem(key))

    def _build(
        self,
        subject: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        *,
        authority: bool,
        days: tuple[int, int],
        hash_algorithm: hashes.SHA256 | hashes.SHA384 | None = None,
    ) -> x509.Certificate:
        now = datetime.datetime.now(datetime.UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + days[0] * DAY)
            .not_valid_after(now + days[1] * DAY)
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(
                x509.SubjectAlternativeName([x509.DNSName(HOST_NAME)]),
                critical=False,
            )
            .sign(self.key, hash_algorithm or hashes.SHA256())
        )


@dataclass
class Sm2Authority:
    """An organisation's authority with an SM2 key."""

    organisation: str

    def __post_init__(self) -> None:
        self.secret = sm.secret_key(self.organisation.encode())
        self.public = sm.public_key(self.secret)
        self.name = certificates.Name(f"ca.{self.organisation}", self.organisation, "root-cert")
        self.pem = self._issued(self.name, self.public, authority=True)

    def issue(self, name: str, role: str) -> Pair:
        secret = sm.secret_key(f"{self.organisation}/{name}".encode())
        public = sm.public_key(secret)
        subject = certificates.Name(name, self.organisation, role)
        return Pair(
            self._issued(subject, public, authority=False),
            certificates.pem("PRIVATE KEY", certificates.private_key(secret, public)).encode(),
        )

    def _issued(self, subject: certificates.Name, public: bytes, *, authority: bool) -> bytes:
        now = int(datetime.datetime.now(datetime.UTC).timestamp())
        data = certificates.issued(
            subject=subject,
            public_key=public,
            issuer=self.name,
            issuer_secret=self.secret,
            issuer_public_key=self.public,
            serial=now,
            not_before=now - 86_400,
            not_after=now + 86_400,
            is_authority=authority,
        )
        return certificates.pem("CERTIFICATE", data).encode()
