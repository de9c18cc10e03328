"""What happens to brands (recorded in the public schema)."""

BRAND_CREATED = "brands.brand_created.v1"
BRAND_STATE_CHANGED = "brands.brand_state_changed.v1"
DOMAIN_ADDED = "brands.domain_added.v1"
DOMAIN_REMOVED = "brands.domain_removed.v1"
BRAND_LOOK_CHANGED = "brands.brand_look_changed.v1"
