"""China's commercial cryptography: SM3, SM4 and SM2.

Sources: SM3 is GB/T 32905-2016 (GM/T 0004), SM4 is GB/T 32907-2016 (GM/T 0002) and its GCM mode is
RFC 8998; SM2 is GB/T 32918 (GM/T 0003) with the curve of GM/T 0003.5, and the forms of keys and
signatures and the signer's default id are those of GM/T 0009.

SM2 is written out here, on `chains.curve`, because a signature must be a function of the key and
the message alone: the nonce is that of RFC 6979 with SM3. Secrets are blinded where they meet the
curve, but numbers of Python have no constant time: do not sign with a secret worth stealing where
somebody can measure the time closely.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from chains import curve, der

DEFAULT_ID = b"1234567812345678"
"""The signer's id of GM/T 0009 where two parties agreed on no other."""
SM3_IN_HASHLIB = "sm3" in hashlib.algorithms_available
"""Some builds of OpenSSL leave SM3 out; `cryptography` brings its own."""
SM3_BLOCK_BYTES = 64
GCM_TAG_BYTES = 16
GCM_NONCE_BYTES = 12
POINT_BYTES = 65
HASH_BYTES = 32


class NotDecrypted(ValueError):
    """The ciphertext was altered, cut, or made for another key. Which of these is not said."""


def sm3(data: bytes) -> bytes:
    """The 32 bytes of SM3."""
    if SM3_IN_HASHLIB:
        return hashlib.new("sm3", data).digest()
    running = hashes.Hash(hashes.SM3())
    running.update(data)
    return running.finalize()


def hmac_sm3(key: bytes, data: bytes) -> bytes:
    """HMAC (RFC 2104) with SM3."""
    block = (sm3(key) if len(key) > SM3_BLOCK_BYTES else key).ljust(SM3_BLOCK_BYTES, b"\0")
    inner = sm3(bytes(byte ^ 0x36 for byte in block) + data)
    return sm3(bytes(byte ^ 0x5C for byte in block) + inner)


def sm4_encrypted(key: bytes, nonce: bytes, plain: bytes, attached: bytes = b"") -> bytes:
    """SM4-GCM: the ciphertext with its 16 bytes of tag behind it.

    `key` has 16 bytes, `nonce` 12, never twice the same with one key. `attached` is authenticated
    and not encrypted. Raises `ValueError` for other lengths.
    """
    encryptor = Cipher(*_sm4_gcm(key, nonce)).encryptor()
    encryptor.authenticate_additional_data(attached)
    return encryptor.update(plain) + encryptor.finalize() + encryptor.tag


def sm4_decrypted(key: bytes, nonce: bytes, data: bytes, attached: bytes = b"") -> bytes:
    """What `sm4_encrypted` hid. Raises `NotDecrypted` where the tag does not fit."""
    algorithm, mode = _sm4_gcm(key, nonce)
    decryptor = Cipher(algorithm, mode).decryptor()
    decryptor.authenticate_additional_data(attached)
    plain = decryptor.update(data[:-GCM_TAG_BYTES])
    try:
        decryptor.finalize_with_tag(data[-GCM_TAG_BYTES:])
    except (InvalidTag, ValueError):
        raise NotDecrypted("the tag does not fit") from None
    return plain


def _sm4_gcm(key: bytes, nonce: bytes) -> tuple[algorithms.SM4, modes.GCM]:
    if len(nonce) != GCM_NONCE_BYTES:
        raise ValueError(f"the nonce has {len(nonce)} bytes, not {GCM_NONCE_BYTES}")
    return algorithms.SM4(key), modes.GCM(nonce)


def secret_key(seed: bytes) -> int:
    """A secret key from 1 to n - 2 that is a function of the seed: 64 bytes of SM3, reduced, so
    that no key is likelier than another by more than 2^-256."""
    wide = sm3(b"\x00" + seed) + sm3(b"\x01" + seed)
    return int.from_bytes(wide, "big") % (curve.N - 2) + 1


def public_key(secret: int) -> bytes:
    """The uncompressed point, 65 bytes from 0x04. Raises `ValueError` for no secret key."""
    if not 0 < secret < curve.N - 1:
        raise ValueError("a secret key is a number from 1 to n - 2")
    return curve.encoded(curve.multiplied_base(secret))


def z_value(public: bytes, signer_id: bytes = DEFAULT_ID) -> bytes:
    """Z of GM/T 0003.2 §5.5: SM3 over the id with its length in bits, the curve and the key."""
    numbers = (curve.A, curve.B, *curve.G)
    curve_bytes = b"".join(number.to_bytes(32, "big") for number in numbers)
    length = (len(signer_id) * 8).to_bytes(2, "big")
    return sm3(length + signer_id + curve_bytes + public[1:])


def message_number(public: bytes, message: bytes, signer_id: bytes = DEFAULT_ID) -> int:
    """e of GM/T 0003.2: what is signed, SM3 over Z and the message."""
    return int.from_bytes(sm3(z_value(public, signer_id) + message), "big")


def sign(
    secret: int, message: bytes, *, signer_id: bytes = DEFAULT_ID, public: bytes | None = None
) -> bytes:
    """The signature in DER (GM/T 0009 §7.3): the same for the same key, id and message.

    Give `public` where it is known, to save its computation.
    """
    number = message_number(public or public_key(secret), message, signer_id)
    for nonce in nonces(secret, number):
        if pair := signature_with(secret, number, nonce):
            return der.sequence(der.integer(pair[0]), der.integer(pair[1]))
    raise AssertionError("nonces never end")


def signature_with(secret: int, number: int, nonce: int) -> tuple[int, int] | None:
    """(r, s) of GM/T 0003.2 §6.1 for this nonce, or None where the nonce must be another."""
    point = curve.multiplied_base(nonce)
    assert point is not None, "a nonce is from 1 to n - 1"
    r = (number + point[0]) % curve.N
    if r == 0 or r + nonce == curve.N:
        return None
    s = pow(1 + secret, -1, curve.N) * (nonce - r * secret) % curve.N
    return (r, s) if s else None


def nonces(secret: int, number: int) -> Iterator[int]:
    """The nonces of RFC 6979 §3.2 with SM3 as its hash, in order of preference."""
    seed = secret.to_bytes(32, "big") + (number % curve.N).to_bytes(32, "big")
    key, value = bytes(32), b"\x01" * 32
    for mark in (b"\x00", b"\x01"):
        key = hmac_sm3(key, value + mark + seed)
        value = hmac_sm3(key, value)
    while True:
        value = hmac_sm3(key, value)
        if 0 < (nonce := int.from_bytes(value, "big")) < curve.N:
            yield nonce
        key = hmac_sm3(key, value + b"\x00")
        value = hmac_sm3(key, value)


def verify(
    public: bytes, message: bytes, signature: bytes, *, signer_id: bytes = DEFAULT_ID
) -> bool:
    """Whether the signature, in strict DER, is of this message by this key (GM/T 0003.2 §7.1).

    Raises `ValueError` for a public key that is no point of the curve.
    """
    point = curve.decoded(public)
    try:
        r, s = (der.read_integer(part) for part in der.read_sequence(signature))
    except ValueError:
        return False
    if not (0 < r < curve.N and 0 < s < curve.N) or (r + s) % curve.N == 0:
        return False
    found = curve.combined(s, r + s, point)
    number = message_number(public, message, signer_id)
    return found is not None and (number + found[0]) % curve.N == r


def encrypted(public: bytes, plain: bytes, *, seed: bytes | None = None) -> bytes:
    """SM2 encryption (GM/T 0003.4 §6.1) as C1 ‖ C3 ‖ C2: 97 bytes more than `plain`.

    The same `seed` gives the same ciphertext for the same key and text; None draws one from the
    system. Raises `ValueError` for an empty text and for a key that is no point of the curve.
    """
    if not plain:
        raise ValueError("SM2 encrypts at least one byte")
    point = curve.decoded(public)
    stream = seed if seed is not None else secrets.token_bytes(32)
    number = int.from_bytes(sm3(stream + public + plain), "big")
    for nonce in nonces(secret_key(stream), number):
        if cipher := encrypted_with(point, plain, nonce):
            return cipher
    raise AssertionError("nonces never end")


def encrypted_with(point: tuple[int, int], plain: bytes, nonce: int) -> bytes | None:
    """The ciphertext for this nonce, or None where the nonce must be another."""
    shared = curve.encoded(curve.multiplied(nonce, point))
    mask = _mask(shared, len(plain))
    if not any(mask):
        return None
    x, y = shared[1:33], shared[33:]
    return curve.encoded(curve.multiplied_base(nonce)) + sm3(x + plain + y) + _xor(plain, mask)


def decrypted(secret: int, cipher: bytes) -> bytes:
    """What `encrypted` hid. Raises `NotDecrypted` for anything else."""
    c1, c3 = cipher[:POINT_BYTES], cipher[POINT_BYTES : POINT_BYTES + HASH_BYTES]
    c2 = cipher[POINT_BYTES + HASH_BYTES :]
    try:
        shared = curve.encoded(curve.multiplied(secret, curve.decoded(c1)))
    except ValueError:
        raise NotDecrypted("not an SM2 ciphertext for this key") from None
    plain = _xor(c2, _mask(shared, len(c2)))
    if not c2 or not hmac.compare_digest(c3, sm3(shared[1:33] + plain + shared[33:])):
        raise NotDecrypted("not an SM2 ciphertext for this key")
    return plain


def _mask(shared: bytes, length: int) -> bytes:
    """The key derivation function of GM/T 0003.4 §5.4.3 over a shared point."""
    blocks = (
        sm3(shared[1:] + counter.to_bytes(4, "big")) for counter in range(1, length // 32 + 2)
    )
    return b"".join(blocks)[:length]


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))
