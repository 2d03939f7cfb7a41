"""What people confirmed of a law stands in its own text, belongs to a value, and survives the next load."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from errors import InputError
from rules.confirming import (
    Confirmation,
    ItemKind,
    LawItem,
    apply_confirmations,
    carry_over,
    list_confirmations,
    list_items,
    write_confirmation,
)

AT = datetime(2026, 11, 26, 1, 2, 3, tzinfo=UTC)
TEXT = """
[[instrument]]
id = "law"
number = "1/2024"
in_force_from = 2024-01-01
title = { vi = "Luật", en = "Law" }
source = "gazette"
is_confirmed = false

[[rule]]
code = "sidewalk_encroachment"
from = 2024-01-01
instrument = "law"
article = "1"
is_confirmed = false
title = { vi = "Vỉa hè", en = "Sidewalk" }
[rule.uses]
trading = "forbidden"
[rule.parameters]
min_clear_width_m = { value = 1.5, source = "old rules", is_confirmed = false }
uses_are_listed = { value = true, source = "register", is_confirmed = true }

[[fine]]
code = "VH01"
group = "G1"
from = 2024-01-01
instrument = "law"
article = "2"
least = 100
most = 200
is_confirmed = false
"""
WIDTH = "figure:sidewalk_encroachment:2024-01-01:min_clear_width_m"


def item_of(text: str, key: str) -> LawItem:
    return next(item for item in list_items(text) if item.key == key)


def word(
    text: str, key: str = WIDTH, *, is_withdrawn: bool = False, source: str = 'QĐ 12/2026, Điều "3"\\'
) -> Confirmation:
    return Confirmation(key, item_of(text, key).value_print, source, "ope", AT, is_withdrawn)


def test_everything_that_can_be_confirmed_is_listed() -> None:
    items = list_items(TEXT)
    assert [item.kind for item in items] == [
        ItemKind.INSTRUMENT, ItemKind.RULE, ItemKind.FIGURE, ItemKind.FIGURE, ItemKind.FINE,
    ]  # fmt: skip
    width = item_of(TEXT, WIDTH)
    assert (width.value, width.from_on, width.title, width.is_confirmed) == ("1.5", date(2024, 1, 1), "Sidewalk", False)
    assert [item.value for item in items[3:]] == ["true", "100-200"]


@pytest.mark.parametrize("key", [item.key for item in list_items(TEXT)])
def test_each_kind_can_be_confirmed_and_taken_back(key: str) -> None:
    confirmed = write_confirmation(TEXT, word(TEXT, key))
    found = item_of(confirmed, key)
    assert found.is_confirmed
    assert found.confirmed == word(TEXT, key)
    assert sum(item.is_confirmed for item in list_items(confirmed)) == 1 + (key not in _BEFORE)
    back = write_confirmation(confirmed, word(confirmed, key, is_withdrawn=True))
    assert item_of(back, key).is_confirmed is (key in _BEFORE)
    assert len(list_confirmations(back)) == 2


_BEFORE = {item.key for item in list_items(TEXT) if item.is_confirmed}


def test_the_rules_read_the_confirmed_text() -> None:
    import tomllib

    raw = apply_confirmations(tomllib.loads(write_confirmation(TEXT, word(TEXT))))
    assert raw["rule"][0]["parameters"]["min_clear_width_m"]["is_confirmed"] is True
    assert raw["rule"][0]["is_confirmed"] is False


def test_a_confirmation_belongs_to_its_value() -> None:
    confirmed = write_confirmation(TEXT, word(TEXT))
    same = carry_over(TEXT.replace("old rules", "the same rules, told better"), confirmed)
    assert item_of(same, WIDTH).is_confirmed
    other = carry_over(TEXT.replace("value = 1.5", "value = 2.0"), confirmed)
    assert (item_of(other, WIDTH).is_confirmed, item_of(other, WIDTH).is_outdated) == (False, True)


@pytest.mark.parametrize(
    "changes", [{"item": "rule:none:2024-01-01"}, {"value_print": "0" * 16}, {"is_withdrawn": True}]
)
def test_a_word_that_fits_nothing_is_refused(changes: dict[str, object]) -> None:
    given = {"item": WIDTH, "value_print": item_of(TEXT, WIDTH).value_print, "is_withdrawn": False, **changes}
    with pytest.raises(InputError):
        write_confirmation(TEXT, Confirmation(source="QĐ 12/2026", by="ope", at=AT, **given))  # type: ignore[arg-type]


def test_without_words_a_new_text_stays_as_it_is() -> None:
    assert carry_over(TEXT, TEXT) == TEXT
