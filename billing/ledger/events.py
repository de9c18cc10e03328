"""What the books tell the other rooms. Amounts in minor units."""

PAID_IN = "billing.paid_in.v1"
"""Payload: ``currency``, ``amount``, ``reference``, ``journal_id``."""
TERMS_SET = "billing.terms_set.v1"
"""Payload: ``currency`` and, before and after, ``credit_limit``, ``terms_days``, ``is_blocked``."""
BALANCE_OPENED = "billing.balance_opened.v1"
"""What was owed and paid before the book began. Payload: ``currency``, ``receivable``, ``prepayment`` and, where they
were set with it, ``credit_limit`` and ``terms_days``."""
REBATE_ADDED = "billing.rebate_added.v1"
"""Payload: ``currency``, ``amount``, ``reference``, ``reason``, ``journal_id``."""
ACCOUNT = "account"
"""Aggregate type; its id is ``<seller dealer id>-<buyer dealer id>``."""


def account_key(seller_dealer_id: int, buyer_dealer_id: int) -> str:
    """How events name the account between two nodes of the channel tree."""
    return f"{seller_dealer_id}-{buyer_dealer_id}"
