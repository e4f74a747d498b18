"""The seal, against the published vectors of docs 90968 and 101033."""

import base64
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC

from bot.platforms.wecom.crypto import CryptoError, Seal
from tests.platforms.wecom.conftest import PAYLOADS

CASES = [
    pytest.param(vectors, case, id=f"{name}-{case_name}")
    for name, vectors in PAYLOADS["official_vectors"].items()
    for case_name, case in vectors["cases"].items()
]
KEY = PAYLOADS["official_vectors"]["set_A_xml"]["encoding_aes_key"]
Case = dict[str, Any]


def seal_of(vectors: Case) -> Seal:
    return Seal(vectors["token"], vectors["encoding_aes_key"], vectors["receiveid"])


@pytest.mark.parametrize(("vectors", "case"), CASES)
def test_published_signature_is_ours(vectors: Case, case: Case) -> None:
    values = case["timestamp"], case["nonce"], case["encrypt"]

    assert seal_of(vectors).is_signed(case["msg_signature"], *values)


@pytest.mark.parametrize(("vectors", "case"), CASES)
def test_published_message_is_decrypted(vectors: Case, case: Case) -> None:
    assert seal_of(vectors).decrypt(case["encrypt"]).decode() == case["decrypted"]


@pytest.mark.parametrize(("vectors", "case"), CASES)
def test_same_prefix_encrypts_to_the_same_bytes(vectors: Case, case: Case) -> None:
    again = seal_of(vectors).encrypt(case["decrypted"].encode(), case["random16"].encode())

    assert again == case["encrypt"]


@pytest.mark.parametrize("length", range(0, 70))
def test_every_length_survives_both_ways(length: int) -> None:
    seal = Seal("t", KEY, "corp")

    assert seal.decrypt(seal.encrypt(b"x" * length)) == b"x" * length


def test_foreign_signature_is_refused_even_if_not_ascii() -> None:
    seal = Seal("t", KEY, "corp")

    assert not seal.is_signed("签名", "1", "2", "abc")
    assert not seal.is_signed("", "1", "2", "abc")


@pytest.mark.parametrize(
    ("encrypted", "reason"), [("", "block size"), ("AAAA", "block size"), ("no base64!", "base64"), ("密", "base64")]
)
def test_what_is_no_ciphertext_is_refused(encrypted: str, reason: str) -> None:
    with pytest.raises(CryptoError, match=reason):
        Seal("t", KEY, "corp").decrypt(encrypted)


def test_ciphertext_for_another_company_is_refused() -> None:
    sealed = Seal("t", KEY, "other").encrypt(b"hello")

    with pytest.raises(CryptoError, match="receive id"):
        Seal("t", KEY, "corp").decrypt(sealed)


def test_pad_over_32_is_refused_even_if_uniform() -> None:
    key = base64.b64decode(KEY + "=")
    encryptor = Cipher(AES256(key), CBC(key[:16])).encryptor()
    plain = b"r" * 16 + (8).to_bytes(4, "big") + b"12345678" + b"corp" + bytes([64]) * 64
    sealed = base64.b64encode(encryptor.update(plain) + encryptor.finalize()).decode()

    with pytest.raises(CryptoError, match="padding"):
        Seal("t", KEY, "corp").decrypt(sealed)


def test_random_blocks_are_refused_without_other_errors() -> None:
    with pytest.raises(CryptoError):
        Seal("t", KEY, "corp").decrypt("A" * 64)
