"""Who sent a request, sealed: how to reach a sender is kept encrypted and apart, opened only by two persons with a reason.

Pure: the key comes as an argument and opens nothing else.
"""

from __future__ import annotations

from cryptography.fernet import Fernet, InvalidToken

from errors import ConfigurationError


def seal_contact(contact: str, key: str) -> bytes:
    """A telephone number or address, encrypted and dated."""
    return _fernet(key).encrypt(contact.encode())


def open_contact(ciphertext: bytes, key: str) -> str:
    """What was sealed; ``ConfigurationError`` when this key did not seal it."""
    try:
        return _fernet(key).decrypt(bytes(ciphertext)).decode()
    except InvalidToken as error:
        raise ConfigurationError(
            "The vault key does not open this contact.",
            field="VAULT_KEY",
            cure="Set the key with which the contact was sealed.",
        ) from error


def _fernet(key: str) -> Fernet:
    try:
        return Fernet(key.encode())
    except ValueError as error:
        raise ConfigurationError(
            "The vault key is not a Fernet key.", field="VAULT_KEY", cure="Make one with: python -m ops.new_key"
        ) from error
