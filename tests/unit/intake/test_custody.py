"""The chain of custody: whatever is changed, taken out or put in breaks it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.custody import FIRST, Link, find_breaks, hash_content, make_link

KEY = "a key of this installation"


def a_chain(length: int, key: str = KEY) -> list[Link]:
    links, previous = [], FIRST
    for number in range(1, length + 1):
        link = make_link(number, previous, hash_content({"n": number}), key)
        links.append(link)
        previous = link.digest
    return links


def test_a_whole_chain_has_no_breaks() -> None:
    assert find_breaks(a_chain(7), KEY) == []
    assert find_breaks([], KEY) == []


@given(st.integers(2, 8), st.data())
def test_any_change_breaks_it(length: int, data: st.DataObject) -> None:
    links = a_chain(length)
    place = data.draw(st.integers(0, length - 1))
    change = data.draw(st.sampled_from(["content", "previous", "digest", "seal", "number", "taken_out", "swapped"]))
    if change == "taken_out":
        if place == length - 1:
            return  # the end cannot be missed by the chain itself; the entry without a link tells
        del links[place]
    elif change == "swapped":
        other = (place + 1) % length
        links[place], links[other] = links[other], links[place]
    elif change == "number":
        links[place] = replace(links[place], number=links[place].number + 100)
    else:
        name = {"content": "content_sha256"}.get(change, change)
        links[place] = replace(links[place], **{name: "f" * 64})
    assert find_breaks(links, KEY)


def test_whoever_has_no_key_cannot_make_it_fit_again() -> None:
    assert find_breaks(a_chain(3, "another key"), KEY) == [1, 2, 3]


@pytest.mark.parametrize("content", [{"b": 1, "a": "ế"}, {"a": "ế", "b": 1}])
def test_one_content_has_one_hash(content: dict[str, object]) -> None:
    assert hash_content(content) == hash_content({"a": "ế", "b": 1})
