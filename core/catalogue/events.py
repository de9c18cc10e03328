"""What happens to products, as the rest of the house hears it."""

PRODUCER_SAVED = "catalogue.producer_saved.v1"
LINE_SAVED = "catalogue.line_saved.v1"
SPU_SAVED = "catalogue.spu_saved.v1"
SKU_SAVED = "catalogue.sku_saved.v1"
SKUS_MERGED = "catalogue.skus_merged.v1"
SHELF_STATE_CHANGED = "catalogue.shelf_state_changed.v1"
SKU_PICTURES_CHANGED = "catalogue.sku_pictures_changed.v1"
SKUS_TOLD_APART = "catalogue.skus_told_apart.v1"
SETTINGS_CHANGED = "catalogue.settings_changed.v1"
PRODUCER_LICENCE_CHECKED = "catalogue.producer_licence_checked.v1"
"""The platform's word about a producer's SC licence. Payload: ``producer_id``, ``number``, ``check``, ``reason``."""
PRODUCER_LICENCE_ENDING = "catalogue.producer_licence_ending.v1"
"""Payload: ``producer_id``, ``number``, ``valid_to``, ``days`` (60, 30 or 7; -1: it has ended), ``on_shelf``: SKUs."""
LICENCE_SUBMITTED = "catalogue.licence_submitted.v1"
"""To be verified by the platform. Payload: ``organisation_id``, ``licence_id``, ``type`` SC, ``number``, ``scope``,
``valid_from``, ``valid_to``, ``file_ids``."""
ORGANISATIONS_USED = "catalogue.organisations_used.v1"
"""Payload: ``organisations``, public ids of firms that are producers here from now on."""

Value = str | int | bool | None
Payload = dict[str, object]


def changed(before: dict[str, Value], after: dict[str, Value]) -> Payload:
    """Payload of a saved noun: the values that differ, old and new; all of them when it is new (``before`` empty)."""
    return {
        "changes": {
            name: {"from": before.get(name), "to": value} for name, value in after.items() if before.get(name) != value
        },
        "is_new": not before,
    }


def skus_merged(*, batch: str, new: list[str], changed_codes: list[str]) -> Payload:
    """Payload of a bulk save: ``batch`` names the import, the codes say which SKUs are new and which changed."""
    return {"batch": batch, "new": new, "changed": changed_codes}


def shelf_state_changed(*, before: str, after: str) -> Payload:
    """Payload of a change of shelf state."""
    return {"from": before, "to": after}
