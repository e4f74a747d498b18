"""The seal on callbacks: signature and encryption of doc 90968."""

import base64
import hashlib
import hmac
import os

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7

PREFIX = 16  # random bytes before the length field
HEADER = PREFIX + 4
BLOCK = 16
# WeCom pads to 32 bytes although AES has blocks of 16: the stock unpadder refuses pads of 17 to 32.
PADDING = PKCS7(256)


class CryptoError(Exception):
    """A callback that cannot be opened; the text is a short reason without any content."""


class FileOpener:
    """Opens a file of the smart bot as it is read: the same cipher, no prefix and no length (doc 100719)."""

    def __init__(self, key: str) -> None:
        """`key` is base64, with or without its "=". Raises CryptoError when it is no key."""
        try:
            raw = base64.b64decode(key + "=" * (-len(key) % 4), validate=True)
            self._decryptor = Cipher(AES256(raw), CBC(raw[:BLOCK])).decryptor()
        except ValueError:
            raise CryptoError("key") from None
        self._unpadder = PADDING.unpadder()

    def update(self, data: bytes) -> bytes:
        """Return what can be read so far."""
        return self._unpadder.update(self._decryptor.update(data))

    def finish(self) -> bytes:
        """Return the rest; raises CryptoError when the key was another one."""
        try:
            return self._unpadder.update(self._decryptor.finalize()) + self._unpadder.finalize()
        except ValueError:
            raise CryptoError("padding") from None


class Seal:
    """Token and key of one callback address; `receive_id` is the corp id (empty for smart bots, doc 101033)."""

    def __init__(self, token: str, aes_key: str, receive_id: str) -> None:
        self._token = token
        self._key = base64.b64decode(aes_key + "=")
        self._receive_id = receive_id.encode()

    def sign(self, timestamp: str, nonce: str, encrypted: str) -> str:
        """Return the signature: SHA-1 over the four values, sorted."""
        values = "".join(sorted([self._token, timestamp, nonce, encrypted]))
        return hashlib.sha1(values.encode(), usedforsecurity=False).hexdigest()

    def is_signed(self, signature: str, timestamp: str, nonce: str, encrypted: str) -> bool:
        """Tell whether the signature is ours, in constant time."""
        expected = self.sign(timestamp, nonce, encrypted)
        return hmac.compare_digest(expected.encode(), signature.encode(errors="replace"))

    def decrypt(self, encrypted: str) -> bytes:
        """Return the message; raises CryptoError when padding, length or receive id is wrong."""
        padded = self._decipher(encrypted)
        pad = padded[-1]
        if not 1 <= pad <= 32 or pad > len(padded) or padded[-pad:] != bytes([pad]) * pad:
            raise CryptoError("padding")
        plain = padded[:-pad]
        end = HEADER + int.from_bytes(plain[PREFIX:HEADER], "big")
        if len(plain) < HEADER or end > len(plain):
            raise CryptoError("length")
        if not hmac.compare_digest(plain[end:], self._receive_id):
            raise CryptoError("receive id")
        return plain[HEADER:end]

    def encrypt(self, message: bytes, prefix: bytes = b"") -> str:
        """Return the message sealed, in base64; `prefix` replaces the 16 random bytes, for the published vectors."""
        plain = (prefix or os.urandom(PREFIX)) + len(message).to_bytes(4, "big") + message + self._receive_id
        padder = PADDING.padder()
        padded = padder.update(plain) + padder.finalize()
        encryptor = self._cipher().encryptor()
        return base64.b64encode(encryptor.update(padded) + encryptor.finalize()).decode()

    def _decipher(self, encrypted: str) -> bytes:
        try:
            data = base64.b64decode(encrypted, validate=True)
        except ValueError:
            raise CryptoError("base64") from None
        if not data or len(data) % BLOCK:
            raise CryptoError("block size")
        decryptor = self._cipher().decryptor()
        return decryptor.update(data) + decryptor.finalize()

    def _cipher(self) -> Cipher[CBC]:
        return Cipher(AES256(self._key), CBC(self._key[:BLOCK]))
