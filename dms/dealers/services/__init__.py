"""The verbs of the channel tree."""

from dms.dealers.rules import Delivery, Licence
from dms.dealers.services.changing import ChangeDealer, change_dealer
from dms.dealers.services.creation import create_dealer, create_dealers, create_root, lock_tree
from dms.dealers.services.groups import SavePriceGroup, save_price_group
from dms.dealers.services.importing import Fate, Imported, import_dealers
from dms.dealers.services.lifecycle import (
    RecordCredential,
    SaveAddress,
    activate,
    close,
    record_credential,
    save_address,
    suspend,
)
from dms.dealers.services.planning import CreateDealer

__all__ = [
    "ChangeDealer",
    "CreateDealer",
    "Delivery",
    "Fate",
    "Imported",
    "Licence",
    "RecordCredential",
    "SaveAddress",
    "SavePriceGroup",
    "activate",
    "change_dealer",
    "close",
    "create_dealer",
    "create_dealers",
    "create_root",
    "import_dealers",
    "lock_tree",
    "record_credential",
    "save_address",
    "save_price_group",
    "suspend",
]
