"""What a seat may do with the books."""

from enum import StrEnum


class Permission(StrEnum):
    """Codes of the room."""

    READ = "ledger.read"
    PAY_IN = "ledger.pay_in"
    SET_LIMIT = "ledger.set_limit"
