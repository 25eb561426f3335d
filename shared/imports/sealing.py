"""Seals the rows that wait for their import: what lies in the database, or in a copy of it, can be read by nobody."""

import os
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE = 12


class Seal:
    """Seals and opens rows, each bound to its import and its number."""

    def __init__(self, key: bytes) -> None:
        """Derive the key from one of the service that lies outside its database."""
        self._cipher = AESGCM(HKDF(SHA256(), 32, None, b"rows of imports").derive(key))

    def seal(self, content: bytes, *, operation_id: UUID, number: int) -> bytes:
        """Encrypt one row."""
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, content, _bound(operation_id, number))

    def open(self, sealed: bytes, *, operation_id: UUID, number: int) -> bytes:
        """Decrypt one row; raises InvalidTag when it was altered or moved."""
        return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], _bound(operation_id, number))


def _bound(operation_id: UUID, number: int) -> bytes:
    return f"{operation_id}|{number}".encode()
