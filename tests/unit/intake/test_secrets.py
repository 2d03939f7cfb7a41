"""Codes survive the telephone, secrets cannot be made from codes, contacts open only with their key."""

from __future__ import annotations

from datetime import date

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from errors import ConfigurationError, InputError
from intake.secrets import ALPHABET, is_secret_of, make_code, normalise_code, secret_for
from intake.vault import open_contact, seal_contact

ON = date(2026, 11, 22)
CODE = make_code("PA", ON, b"\x01\x02\x03\x04\x05")


def test_a_code_says_its_month_and_is_short() -> None:
    assert CODE.startswith("PA-2611-")
    assert len(CODE) == 14
    assert normalise_code(CODE) == CODE


@given(st.binary(min_size=4, max_size=16))
def test_every_code_is_its_own_normal_form(randomness: bytes) -> None:
    code = make_code("PA", ON, randomness)
    assert normalise_code(code) == code
    assert normalise_code(f"  {code.lower()} ") == code
    assert not set("ILOU") & set(code.split("-")[2])


def test_too_little_randomness_is_refused() -> None:
    with pytest.raises(InputError):
        make_code("PA", ON, b"abc")


def test_lookalikes_are_read_as_what_they_stand_for() -> None:
    code = next(
        c for c in (make_code("PA", ON, n.to_bytes(4, "big")) for n in range(1, 2000)) if "0" in c[8:] and "1" in c[8:]
    )
    spoken = code[:8] + code[8:].replace("0", "O").replace("1", "l")
    assert normalise_code(spoken) == code


def test_every_single_wrong_character_is_noticed() -> None:
    for place in range(8, 14):
        for letter in ALPHABET:
            wrong = CODE[:place] + letter + CODE[place + 1 :]
            assert (normalise_code(wrong) == wrong) == (wrong == CODE)


@pytest.mark.parametrize(
    "text", ["", "-", "PA", "PA-2611", "PA-2611-", "PA-26X1-00000", "PA-2611-0!K3FQ", "ạ-2611-ạạạạạạ"]
)
def test_other_texts_are_no_code(text: str) -> None:
    assert normalise_code(text) is None


def test_a_secret_belongs_to_one_code_and_one_key() -> None:
    secret = secret_for(CODE, "key")
    assert len(secret) == 20
    assert is_secret_of(CODE, secret, "key")
    assert not is_secret_of(CODE, secret, "other key")
    assert not is_secret_of("PA-2611-00000X", secret, "key")
    for wrong in ("", secret[:-1], secret + "x", "ạ", "\ud800"):
        assert not is_secret_of(CODE, wrong, "key")


def test_a_contact_opens_only_with_its_key() -> None:
    key, other = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    sealed = seal_contact("0903 000 000 chị Ánh", key)
    assert b"0903" not in sealed
    assert open_contact(sealed, key) == "0903 000 000 chị Ánh"
    assert open_contact(memoryview(sealed), key) == "0903 000 000 chị Ánh"
    with pytest.raises(ConfigurationError):
        open_contact(sealed, other)
    with pytest.raises(ConfigurationError):
        seal_contact("x", "no key")
