"""What a certificate says, for people."""

from __future__ import annotations

from cryptography import x509
from django.utils.translation import gettext_lazy as _

from learn.ledger_words import Words


def certificate_facts(pem: str) -> tuple[tuple[Words, str], ...]:
    """Subject, issuer, validity and serial number; none of what is no X.509 certificate."""
    try:
        certificate = x509.load_pem_x509_certificate(pem.encode())
    except ValueError:
        return ()
    begin, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    return (
        (_("Subject"), certificate.subject.rfc4514_string()),
        (_("Issuer"), certificate.issuer.rfc4514_string()),
        (_("Valid"), f"{begin:%Y-%m-%d} – {end:%Y-%m-%d}"),
        (_("Serial number"), f"{certificate.serial_number:x}"),
    )
