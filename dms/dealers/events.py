"""What the channel tree tells the other rooms. No names, no phones."""

DEALER = "dealer"
"""Aggregate type; its id is the dealer's code."""

PRICE_GROUP = "price_group"
"""Aggregate type; its id is the group's code."""

DEALER_CREATED = "dms.dealer_created.v1"
"""Payload: ``dealer_id``, ``tier``, ``parent_id``, ``supplier_id``, ``region``, ``channel``, ``status``."""
DEALER_STATUS_CHANGED = "dms.dealer_status_changed.v1"
"""Payload: ``dealer_id``, ``before``, ``after``, ``reason``."""
CREDENTIAL_RECORDED = "dms.credential_recorded.v1"
"""Payload: ``dealer_id``, ``type``, ``number``, ``valid_from``, ``valid_to``."""
ADDRESS_SAVED = "dms.address_saved.v1"
"""Payload: ``dealer_id``, ``address_id``, ``region``, ``is_default``."""
PRICE_GROUP_SAVED = "dms.price_group_saved.v1"
"""Payload: ``joined``, the ids of dealers that joined."""
