"""SM3, SM4 and SM2 against the published vectors, the laws of signing and hiding, and OpenSSL."""

from __future__ import annotations

import hashlib
import hmac
import shutil
import subprocess
from itertools import islice
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given, settings
from hypothesis import strategies as st

from chains import certificates, curve, der, sm

# GM/T 0003.5-2012, annexes A and C: one key and one nonce for both examples.
SECRET = 0x3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8
NONCE = 0x59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21
PUBLIC = bytes.fromhex(
    "0409F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
ZERO_NONCE = bytes(12)

secrets = st.integers(1, curve.N - 2)
OPENSSL = shutil.which("openssl")
needs_openssl = pytest.mark.skipif(OPENSSL is None, reason="no openssl here")


@pytest.mark.parametrize("in_hashlib", [True, False])
def test_sm3_is_that_of_the_standard(in_hashlib: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if in_hashlib and "sm3" not in hashlib.algorithms_available:
        pytest.skip("no SM3 in this hashlib")
    monkeypatch.setattr(sm, "SM3_IN_HASHLIB", in_hashlib)
    # GB/T 32905-2016, annex A.
    assert (
        sm.sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    )
    assert (
        sm.sm3(b"abcd" * 16).hex()
        == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
    )


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_hmac_is_that_of_python(key: bytes, data: bytes) -> None:
    if "sm3" not in hashlib.algorithms_available:
        pytest.skip("no SM3 in this hashlib")
    assert sm.hmac_sm3(key, data) == hmac.new(key, data, "sm3").digest()


def test_sm4_is_that_of_the_standard() -> None:
    # GB/T 32907-2016, annex A.1.
    block = bytes.fromhex("0123456789abcdeffedcba9876543210")
    encryptor = Cipher(algorithms.SM4(block), modes.ECB()).encryptor()
    assert encryptor.update(block).hex() == "681edf34d206965e86b3e94f536e4246"


def test_sm4_gcm_is_that_of_rfc_8998() -> None:
    # RFC 8998, appendix A.1.
    key = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
    nonce = bytes.fromhex("00001234567800000000ABCD")
    attached = bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2")
    plain = b"".join(bytes([0x11 * digit]) * 8 for digit in (10, 11, 12, 13, 14, 15, 14, 10))
    cipher = bytes.fromhex(
        "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735"
        "D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D"
        "83DE3541E4C2B58177E065A9BF7B62EC"
    )
    assert sm.sm4_encrypted(key, nonce, plain, attached) == cipher
    assert sm.sm4_decrypted(key, nonce, cipher, attached) == plain


@given(st.binary(min_size=16, max_size=16), st.binary(max_size=64), st.binary(max_size=16))
def test_sm4_refuses_whatever_was_altered(key: bytes, plain: bytes, attached: bytes) -> None:
    cipher = sm.sm4_encrypted(key, ZERO_NONCE, plain, attached)
    assert sm.sm4_decrypted(key, ZERO_NONCE, cipher, attached) == plain
    for place in range(len(cipher)):
        altered = cipher[:place] + bytes([cipher[place] ^ 1]) + cipher[place + 1 :]
        with pytest.raises(sm.NotDecrypted):
            sm.sm4_decrypted(key, ZERO_NONCE, altered, attached)
    with pytest.raises(sm.NotDecrypted):
        sm.sm4_decrypted(key, ZERO_NONCE, cipher, attached + b"x")
    with pytest.raises(sm.NotDecrypted):
        sm.sm4_decrypted(key, ZERO_NONCE, b"short", attached)


def test_sm4_names_a_nonce_of_another_length() -> None:
    with pytest.raises(ValueError, match="11 bytes, not 12"):
        sm.sm4_encrypted(bytes(16), bytes(11), b"")


def test_sm2_signs_as_in_the_standard() -> None:
    assert sm.public_key(SECRET) == PUBLIC
    assert (
        sm.z_value(PUBLIC).hex()
        == "b2e14c5c79c6df5b85f4fe7ed8db7a262b9da7e07ccb0ea9f4747b8ccda8a4f3"
    )
    number = sm.message_number(PUBLIC, b"message digest")
    assert number == 0xF0B43E94BA45ACCAACE692ED534382EB17E6AB5A19CE7B31F4486FDFC0D28640
    pair = (
        0xF5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3,
        0xB1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA,
    )
    assert sm.signature_with(SECRET, number, NONCE) == pair
    assert sm.verify(PUBLIC, b"message digest", in_der(*pair))


def test_sm2_hides_as_in_the_standard() -> None:
    cipher = bytes.fromhex(
        "0404EBFC718E8D1798620432268E77FEB6415E2EDE0E073C0F4F640ECD2E149A73"
        "E858F9D81E5430A57B36DAAB8F950A3C64E6EE6A63094D99283AFF767E124DF0"
        "59983C18F809E262923C53AEC295D30383B54E39D609D160AFCB1908D0BD8766"
        "21886CA989CA9C7D58087307CA93092D651EFA"
    )
    assert sm.encrypted_with(curve.decoded(PUBLIC), b"encryption standard", NONCE) == cipher
    assert sm.decrypted(SECRET, cipher) == b"encryption standard"


def test_a_signature_never_changes() -> None:
    assert sm.sign(SECRET, b"x") == bytes.fromhex(
        "30450220647ec45021b89f885396499874421f8e1a18f64ffc0f7a444c3ce361b1005ab1"
        "022100b2465e538c14ee5f032b7c4f6704bd6b1720852a4c51dd9195fc08f5908ff0c3"
    )


@settings(max_examples=20, deadline=None)
@given(secrets, st.binary(max_size=100), st.binary(max_size=100))
def test_a_signature_is_of_one_key_one_id_and_one_message(
    secret: int, message: bytes, other: bytes
) -> None:
    public = sm.public_key(secret)
    signature = sm.sign(secret, message)
    assert signature == sm.sign(secret, message, public=public)
    assert sm.verify(public, message, signature)
    assert sm.verify(public, other, signature) is (other == message)
    assert sm.verify(PUBLIC, message, signature) is (public == PUBLIC)
    assert not sm.verify(public, message, signature, signer_id=b"somebody")


@settings(max_examples=20, deadline=None)
@given(secrets, st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_two_messages_have_two_nonces(secret: int, first: bytes, second: bytes) -> None:
    numbers = (int.from_bytes(first, "big"), int.from_bytes(second, "big"))
    found = [next(sm.nonces(secret, number)) for number in numbers]
    assert (found[0] == found[1]) is (numbers[0] % curve.N == numbers[1] % curve.N)
    assert len(set(islice(sm.nonces(secret, numbers[0]), 5))) == 5


def test_a_malformed_signature_is_no_signature() -> None:
    number = sm.message_number(PUBLIC, b"m")
    pair = sm.signature_with(SECRET, number, NONCE)
    assert pair is not None
    r, s = pair
    good = in_der(r, s)
    assert sm.verify(PUBLIC, b"m", good)
    bad = {
        "nothing": b"",
        "cut": good[:-1],
        "longer": good + b"\0",
        "raw": r.to_bytes(32, "big") + s.to_bytes(32, "big"),
        "one number": der.sequence(der.integer(r)),
        "three numbers": der.sequence(der.integer(r), der.integer(s), der.integer(1)),
        "zero": in_der(0, s),
        "s zero": in_der(r, 0),
        "r beyond the order": in_der(r + curve.N, s),
        "s beyond the order": in_der(r, s + curve.N),
        "negative": in_der(r - curve.N, s),
        "sum is the order": in_der(r, curve.N - r),
        "swapped": in_der(s, r),
        "padded": der.sequence(
            der.item(der.INTEGER, b"\0\0" + r.to_bytes(32, "big")), der.integer(s)
        ),
    }
    assert [name for name, each in bad.items() if sm.verify(PUBLIC, b"m", each)] == []


@pytest.mark.parametrize(
    "public",
    [
        b"",
        PUBLIC[:-1],
        b"\x02" + PUBLIC[1:33],
        PUBLIC[:-1] + bytes([PUBLIC[-1] ^ 1]),
        b"\x04" + bytes(64),
        b"\x04" + b"\xff" * 64,
    ],
)
def test_a_key_off_the_curve_is_no_key(public: bytes) -> None:
    with pytest.raises(ValueError, match="point"):
        sm.verify(public, b"", b"")
    with pytest.raises(ValueError, match="point"):
        sm.encrypted(public, b"x")


@pytest.mark.parametrize("secret", [0, -1, curve.N - 1, curve.N])
def test_a_secret_out_of_range_is_no_key(secret: int) -> None:
    with pytest.raises(ValueError, match="from 1 to n - 2"):
        sm.public_key(secret)


@settings(max_examples=20, deadline=None)
@given(secrets, st.binary(min_size=1, max_size=100), st.binary(max_size=16), st.data())
def test_only_the_key_and_the_whole_ciphertext_give_the_text_back(
    secret: int, plain: bytes, seed: bytes, data: st.DataObject
) -> None:
    public = sm.public_key(secret)
    cipher = sm.encrypted(public, plain, seed=seed)
    assert cipher == sm.encrypted(public, plain, seed=seed)
    assert len(cipher) == len(plain) + 97
    assert sm.decrypted(secret, cipher) == plain
    place = data.draw(st.integers(0, len(cipher) - 1))
    altered = cipher[:place] + bytes([cipher[place] ^ 1]) + cipher[place + 1 :]
    for other in (altered, cipher[:-1], cipher[:97], cipher + b"\0"):
        with pytest.raises(sm.NotDecrypted):
            sm.decrypted(secret, other)
    with pytest.raises(sm.NotDecrypted):
        sm.decrypted(secret % (curve.N - 2) + 1, cipher)


def test_without_a_seed_each_ciphertext_differs() -> None:
    assert sm.encrypted(PUBLIC, b"x") != sm.encrypted(PUBLIC, b"x")
    with pytest.raises(ValueError, match="at least one byte"):
        sm.encrypted(PUBLIC, b"")


@settings(max_examples=50, deadline=None)
@given(st.integers(0, curve.N + 3), st.integers(0, curve.N + 3))
def test_multiplying_a_point_is_linear(left: int, right: int) -> None:
    point = curve.multiplied_base(left)
    assert point is None or curve.on_curve(*point)
    assert curve.multiplied(right, point) == curve.multiplied_base(left * right)
    assert curve.combined(left, right, curve.G) == curve.multiplied_base(left + right)


@pytest.mark.parametrize("scalar", [0, 1, 2, 3, 15, 16, 17, curve.N - 1, curve.N, curve.N + 1])
def test_the_edges_of_the_order(scalar: int) -> None:
    x, y = curve.G
    point = curve.multiplied_base(scalar)
    assert point == curve.multiplied(scalar, curve.G)
    if scalar % curve.N == 0:
        assert point is None
    assert curve.combined(1, scalar, (x, curve.P - y)) == curve.multiplied_base(1 - scalar)


@needs_openssl
def test_openssl_verifies_what_we_sign_and_we_what_it_signs(tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    key.write_text(certificates.pem("PRIVATE KEY", certificates.private_key(SECRET, PUBLIC)))
    message, signature = tmp_path / "message", tmp_path / "signature"
    message.write_bytes(b"message digest")
    signature.write_bytes(sm.sign(SECRET, b"message digest"))
    options = ["-rawin", "-digest", "sm3", "-pkeyopt", "distid:1234567812345678"]
    files = ["-inkey", str(key), "-in", str(message)]
    said = openssl("pkeyutl", "-verify", *options, *files, "-sigfile", str(signature))
    assert said == b"Signature Verified Successfully\n"
    theirs = openssl("pkeyutl", "-sign", *options, *files)
    assert sm.verify(PUBLIC, b"message digest", theirs)


@needs_openssl
def test_openssl_reads_what_we_hide_and_we_what_it_hides(tmp_path: Path) -> None:
    key, file = tmp_path / "key.pem", tmp_path / "file"
    key.write_text(certificates.pem("PRIVATE KEY", certificates.private_key(SECRET, PUBLIC)))
    ours = sm.encrypted(PUBLIC, b"encryption standard")
    numbers = (int.from_bytes(ours[1:33], "big"), int.from_bytes(ours[33:65], "big"))
    file.write_bytes(
        der.sequence(
            *(der.integer(number) for number in numbers),
            der.item(der.OCTET_STRING, ours[65:97]),
            der.item(der.OCTET_STRING, ours[97:]),
        )
    )
    files = ["-inkey", str(key), "-in", str(file)]
    assert openssl("pkeyutl", "-decrypt", *files) == b"encryption standard"
    file.write_bytes(b"their text")
    x, y, digest, text = der.read_sequence(openssl("pkeyutl", "-encrypt", *files))
    point = curve.encoded((der.read_integer(x), der.read_integer(y)))
    assert sm.decrypted(SECRET, point + digest[1] + text[1]) == b"their text"


def in_der(r: int, s: int) -> bytes:
    return der.sequence(der.integer(r), der.integer(s))


def openssl(*arguments: str) -> bytes:
    assert OPENSSL is not None
    return subprocess.run([OPENSSL, *arguments], check=True, capture_output=True).stdout
