"""The room's verbs: sign up, prove who one is in one step or two, find back in, choose name and language."""

from tenants.people.services.addresses import (
    Bearer,
    claim_address,
    claim_own_address,
    prove_address,
    purge_claims,
    remove_address,
)
from tenants.people.services.newcomers import purge_sign_ups, send_sign_up_code, sign_up
from tenants.people.services.passwords import change_password, prove_password
from tenants.people.services.proving import ACCOUNT_TRIES, ADDRESS_TRIES, account_key, prove_identity
from tenants.people.services.registering import (
    change_name,
    choose_language,
    register_person,
)
from tenants.people.services.resetting import (
    AskedReset,
    Proof,
    follow_link,
    purge_resets,
    request_reset,
    reset_password,
)
from tenants.people.services.second_factor import (
    begin_totp,
    confirm_totp,
    drop_totp,
    prove_second_factor,
    renew_recovery_codes,
)

__all__ = [
    "ACCOUNT_TRIES",
    "ADDRESS_TRIES",
    "AskedReset",
    "Bearer",
    "Proof",
    "account_key",
    "begin_totp",
    "change_name",
    "change_password",
    "choose_language",
    "claim_address",
    "claim_own_address",
    "confirm_totp",
    "drop_totp",
    "follow_link",
    "prove_address",
    "prove_identity",
    "prove_password",
    "prove_second_factor",
    "purge_claims",
    "purge_resets",
    "purge_sign_ups",
    "register_person",
    "remove_address",
    "renew_recovery_codes",
    "request_reset",
    "reset_password",
    "send_sign_up_code",
    "sign_up",
]
