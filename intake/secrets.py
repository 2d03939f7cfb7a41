"""Codes that people read out over the telephone, and the secrets of follow links. Pure: no clock, no randomness.

A code is ``<prefix>-<year month>-<five characters><check>`` in an alphabet without I, L, O and U. The secret is derived
from the code and a key, so that nothing has to be stored and nothing can be stolen from the database.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from datetime import date
from hashlib import sha256

from errors import InputError

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
BODY_LENGTH = 5
SECRET_BYTES = 15
PURPOSE = b"viahe service request\x00"


def make_code(prefix: str, on: date, randomness: bytes) -> str:
    """A new code from at least four random bytes; ``on`` is the local day of receipt."""
    if len(randomness) < 4:
        raise InputError("A code needs four random bytes.", field="randomness", value=len(randomness))
    number = int.from_bytes(randomness, "big")
    body = "".join(ALPHABET[number >> 5 * place & 31] for place in range(BODY_LENGTH))
    month = f"{on:%y%m}"
    return f"{prefix}-{month}-{body}{_check_character(month + body)}"


def normalise_code(text: str) -> str | None:
    """A code as typed (small letters, spaces, O for 0) in its one spelling; none when the check character is wrong."""
    prefix, _, rest = "".join(text.upper().split()).partition("-")
    month, _, tail = rest.partition("-")
    tail = tail.translate(LOOKALIKES)
    plain = month + tail[:-1]
    if not prefix.isalnum() or len(month) != 4 or len(tail) != BODY_LENGTH + 1 or any(c not in ALPHABET for c in plain):
        return None
    return f"{prefix}-{month}-{tail}" if tail[-1] == _check_character(plain) else None


def secret_for(code: str, key: str) -> str:
    """The secret of a code's follow link: 120 bits, 20 characters fit for an address."""
    digest = hmac.new(key.encode(), PURPOSE + code.encode(), sha256).digest()
    return urlsafe_b64encode(digest[:SECRET_BYTES]).decode()


def is_secret_of(code: str, secret: str, key: str) -> bool:
    """Whether the secret belongs to the code; takes the same time whatever differs."""
    return hmac.compare_digest(secret_for(code, key).encode(), secret.encode("utf-8", "surrogatepass"))


def _check_character(text: str) -> str:
    """Luhn's sum over the alphabet: finds every single wrong character and most swapped neighbours."""
    total = 0
    for place, character in enumerate(reversed(text)):
        value = ALPHABET.index(character) * (2 if place % 2 == 0 else 1)
        total += value // len(ALPHABET) + value % len(ALPHABET)
    return ALPHABET[-total % len(ALPHABET)]
