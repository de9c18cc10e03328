"""What grants tell the other rooms."""

GRANT = "grant"
"""Aggregate type; its id is the dealer's code."""

TERRITORY_GRANTED = "dms.territory_granted.v1"
"""Payload: ``grant_id``, ``dealer_id``, ``line``, ``channel``, ``region``, ``kind``, ``valid_from``, ``valid_to``."""
GRANT_ENDED = "dms.grant_ended.v1"
"""Payload: as above; ``valid_to`` is the first day it no longer holds."""
