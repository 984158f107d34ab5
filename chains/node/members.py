"""Members of a chain: a certificate, its key, and signatures in a node's manner.

A node takes the hash of an ECDSA signature from the algorithm that *signed the certificate*
(ChainMaker's `GetHashFromSignatureAlgorithm`); SM2 signatures are over SM3 with the default id of
GM/T 0009. Keys are ECDSA P-256 or SM2, in PEM without a password.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from chains import certificates, der, sm
from chains.node import wire_pb2 as wire

Key = ec.EllipticCurvePrivateKey | int
"""ECDSA P-256, or the secret number of SM2."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Whom a certificate names: its O, CN and OU. All "" but `organisation` where the chain knows
    its members by something else than certificates."""

    organisation: str
    name: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who can sign. `member` makes one."""

    certificate: bytes
    """PEM."""
    key: Key = field(repr=False)
    signer: Signer

    def endorsement(self, message: bytes) -> wire.EndorsementEntry:
        """This member's signature over `message`."""
        identity = wire.Member(
            org_id=self.signer.organisation,
            member_type=wire.CERT,
            member_info=self.certificate,
        )
        return wire.EndorsementEntry(signer=identity, signature=self.sign(message))

    def sign(self, message: bytes) -> bytes:
        """The signature in DER."""
        if isinstance(self.key, int):
            return sm.sign(self.key, message)
        found = x509.load_pem_x509_certificate(self.certificate)
        return self.key.sign(message, ec.ECDSA(_hash_of(found)))


def member(certificate: bytes, key: bytes) -> Member:
    """The member of a certificate and its key, both PEM. Raises `ValueError` when one of them
    cannot be read, when they do not belong together, or when the certificate names nobody's
    organisation."""
    signer = signer_of(certificate)
    if not signer.organisation:
        raise ValueError("the certificate names no organisation (O)")
    secret = _read_key(key)
    public = (
        sm.public_key(secret)
        if isinstance(secret, int)
        else secret.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
    )
    # Not asked of a parsed public key: for SM2 certificates `cryptography` gives none.
    if public not in x509.load_pem_x509_certificate(certificate).tbs_certificate_bytes:
        raise ValueError("the key does not belong to the certificate")
    return Member(certificate=certificate, key=secret, signer=signer)


def signer_of(certificate: bytes) -> Signer:
    """Whom a certificate in PEM names. Raises `ValueError`."""
    subject = x509.load_pem_x509_certificate(certificate).subject

    def first(oid: x509.ObjectIdentifier) -> str:
        return next((str(part.value) for part in subject.get_attributes_for_oid(oid)), "")

    return Signer(
        organisation=first(x509.NameOID.ORGANIZATION_NAME),
        name=first(x509.NameOID.COMMON_NAME),
        role=first(x509.NameOID.ORGANIZATIONAL_UNIT_NAME).lower(),
    )


def signer(identity: wire.Member) -> Signer:
    """Whom a member on the wire claims to be. The organisation is the certificate's own: what the
    message says beside it was not signed by an authority."""
    if identity.member_type != wire.CERT:
        return Signer(identity.org_id)
    try:
        return signer_of(identity.member_info)
    except ValueError:
        return Signer(identity.org_id)


def is_signed(entry: wire.EndorsementEntry, message: bytes) -> bool:
    """Whether the signature is of this message by the certificate beside it. Says nothing about
    who issued the certificate. False for members without a certificate."""
    if entry.signer.member_type != wire.CERT:
        return False
    try:
        found = x509.load_pem_x509_certificate(entry.signer.member_info)
        key = found.public_key()
        if not isinstance(key, ec.EllipticCurvePublicKey):
            return False
        key.verify(entry.signature, message, ec.ECDSA(_hash_of(found)))
    except UnsupportedAlgorithm:
        return _is_signed_with_sm2(entry, message)
    except (ValueError, InvalidSignature):
        return False
    return True


def _is_signed_with_sm2(entry: wire.EndorsementEntry, message: bytes) -> bool:
    try:
        data = certificates.from_pem("CERTIFICATE", entry.signer.member_info.decode())
        return sm.verify(certificates.read(data).public_key, message, entry.signature)
    except ValueError:
        return False


def _hash_of(certificate: x509.Certificate) -> hashes.HashAlgorithm:
    found = certificate.signature_hash_algorithm
    if found is None:
        raise ValueError("the certificate is signed without a hash that a node knows")
    return found


def _read_key(data: bytes) -> Key:
    try:
        key = serialization.load_pem_private_key(data, password=None)
    except UnsupportedAlgorithm:
        return _read_sm2_key(data)
    except TypeError as error:
        raise ValueError("the key has a password: take it off first") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError("the key is neither ECDSA P-256 nor SM2")  # noqa: TRY004  # of what was read
    return key


def _read_sm2_key(data: bytes) -> int:
    """The secret of an SM2 key: PKCS #8 (RFC 5958), or the bare form of RFC 5915."""
    text = data.decode("ascii")
    if "BEGIN EC PRIVATE KEY" in text:
        inner = certificates.from_pem("EC PRIVATE KEY", text)
    else:
        _, algorithm, wrapped = der.read_sequence(certificates.from_pem("PRIVATE KEY", text))[:3]
        if der.item(*algorithm) != der.sequence(
            der.oid(certificates.EC_KEY), der.oid(certificates.SM2_CURVE)
        ):
            raise ValueError("the key is neither ECDSA P-256 nor SM2")
        inner = der.content_of(wrapped, der.OCTET_STRING)
    _, secret = der.read_sequence(inner)[:2]
    return int.from_bytes(der.content_of(secret, der.OCTET_STRING), "big")
