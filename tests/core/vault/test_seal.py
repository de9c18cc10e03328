"""Sealed fields."""

import base64

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from core.vault.services import (
    CannotUnseal,
    blind_index,
    is_sealed_by_current_key,
    masked_phone,
    seal,
    unseal,
)

OLD = "k1:" + base64.b64encode(b"1" * 32).decode()
NEW = "k2:" + base64.b64encode(b"2" * 32).decode()


@given(st.text())
def test_what_is_sealed_comes_back(text: str) -> None:
    assert unseal(seal(text)) == text


def test_the_same_phone_is_sealed_differently_each_time() -> None:
    first, second = seal("13800138000"), seal("13800138000")
    assert first != second
    assert "13800138000" not in first


def test_a_sealed_text_names_its_key_and_holds_nonce_and_tag(settings: Settings) -> None:
    settings.VAULT_KEYS = OLD
    name, _, encoded = seal("13800138000").partition(":")
    assert name == "k1"
    assert len(base64.b64decode(encoded)) == 12 + 11 + 16


def test_after_rotation_the_old_opens_and_the_new_seals(settings: Settings) -> None:
    settings.VAULT_KEYS = OLD
    sealed = seal("13800138000")
    settings.VAULT_KEYS = f"{NEW},{OLD}"
    assert unseal(sealed) == "13800138000"
    assert not is_sealed_by_current_key(sealed)
    renewed = seal(unseal(sealed))
    assert renewed.startswith("k2:")
    assert is_sealed_by_current_key(renewed)
    settings.VAULT_KEYS = NEW
    assert unseal(renewed) == "13800138000"
    with pytest.raises(CannotUnseal, match="k1"):
        unseal(sealed)


@pytest.mark.parametrize("place", [3, 20, -2])
def test_refuses_what_was_changed(settings: Settings, place: int) -> None:
    settings.VAULT_KEYS = OLD
    sealed = seal("13800138000")
    other = "A" if sealed[place] != "A" else "B"
    with pytest.raises(CannotUnseal):
        unseal(sealed[:place] + other + sealed[place:][1:])


def test_refuses_a_text_passed_off_as_another_key_s(settings: Settings) -> None:
    twin = OLD.replace("k1:", "k9:")
    settings.VAULT_KEYS = f"{OLD},{twin}"
    with pytest.raises(CannotUnseal):
        unseal(seal("13800138000").replace("k1:", "k9:"))


@pytest.mark.parametrize("keys", ["", "k1", "k1:%%%", "k1:" + base64.b64encode(b"short").decode(), f"{OLD},{OLD}"])
def test_bad_keys_stop_the_start(settings: Settings, keys: str) -> None:
    settings.VAULT_KEYS = keys
    with pytest.raises(ImproperlyConfigured):
        seal("13800138000")


def test_the_blind_index_finds_but_keeps_purposes_apart(settings: Settings) -> None:
    index = blind_index("13800138000", "people.phone")
    assert index == blind_index("13800138000", "people.phone")
    assert len(index) == 64
    assert index != blind_index("13800138001", "people.phone")
    assert index != blind_index("13800138000", "dealers.phone")
    settings.VAULT_INDEX_KEY = "another"
    assert index != blind_index("13800138000", "people.phone")


@pytest.mark.parametrize(
    ("phone", "shown"),
    [("13800138000", "138****8000"), ("+8613800138000", "+86*******8000"), ("85228", "***28"), ("12", "**"), ("", "")],
)
def test_a_phone_is_masked(phone: str, shown: str) -> None:
    assert masked_phone(phone) == shown
