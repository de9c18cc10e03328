"""What happens to organisations and their papers. Numbers and days of public registers; no names, no phones.

``brand_schemas`` names the schemas an event is delivered to. It belongs to the post: a hearer never writes it down.
"""

ORGANISATION = "organisation"
"""Aggregate type; its id is the organisation's."""
LICENCE = "licence"
"""Aggregate type; its id is the licence's."""

ORGANISATION_RENAMED = "organisations.organisation_renamed.v1"
"""Payload: ``reason``."""
LICENCE_SUBMITTED = "organisations.licence_submitted.v1"
"""Payload: ``organisation_id``, ``type``."""
LICENCE_VERIFIED = "organisations.licence_verified.v1"
"""Payload: ``organisation_id``, ``licence_id``, ``type``, ``number``, ``scope``, ``valid_from``, ``valid_to``,
``brand_schemas``. Version: the licence's."""
LICENCE_TOLD = "organisations.licence_told.v1"
"""A fact verified before is told to a schema that has only now begun to use the organisation. Payload as above."""
LICENCE_REJECTED = "organisations.licence_rejected.v1"
"""Payload: ``organisation_id``, ``licence_id``, ``type``, ``number``, ``reason``, ``brand_schemas`` (the sender's)."""
LICENCE_WITHDRAWN = "organisations.licence_withdrawn.v1"
"""A paper that was verified counts no longer. Payload as of a rejected one, ``brand_schemas`` as of a verified one."""
LICENCE_EXPIRED = "organisations.licence_expired.v1"
"""Payload: ``type``, ``valid_to``."""
