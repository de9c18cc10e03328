"""The verbs of the channel tree."""

from dms.dealers.rules import Delivery, Licence
from dms.dealers.services.addresses import SaveAddress, delete_address, save_address
from dms.dealers.services.changing import ChangeDealer, change_dealer
from dms.dealers.services.copies import Checked, copy_rejected, copy_verified, copy_withdrawn, tell_checked
from dms.dealers.services.creation import create_dealer, create_dealers, create_root, lock_tree
from dms.dealers.services.endings import warn_of_endings
from dms.dealers.services.firms import registered, registered_all, zone_day
from dms.dealers.services.groups import SavePriceGroup, order_price_groups, save_price_group
from dms.dealers.services.importing import Fate, Imported, import_dealers
from dms.dealers.services.lifecycle import activate, close, suspend
from dms.dealers.services.papers import (
    DecidePaper,
    RecordCredential,
    SubmitPaper,
    decide_paper,
    recall_paper,
    record_credential,
    require_sender,
    submit_paper,
)
from dms.dealers.services.planning import CreateDealer
from dms.dealers.services.settings import ChangePaperRules, change_paper_rules
from dms.dealers.services.supplying import take_over

__all__ = [
    "ChangeDealer",
    "ChangePaperRules",
    "Checked",
    "CreateDealer",
    "DecidePaper",
    "Delivery",
    "Fate",
    "Imported",
    "Licence",
    "RecordCredential",
    "SaveAddress",
    "SavePriceGroup",
    "SubmitPaper",
    "activate",
    "change_dealer",
    "change_paper_rules",
    "close",
    "copy_rejected",
    "copy_verified",
    "copy_withdrawn",
    "create_dealer",
    "create_dealers",
    "create_root",
    "decide_paper",
    "delete_address",
    "import_dealers",
    "lock_tree",
    "order_price_groups",
    "recall_paper",
    "record_credential",
    "registered",
    "registered_all",
    "require_sender",
    "save_address",
    "save_price_group",
    "submit_paper",
    "suspend",
    "take_over",
    "tell_checked",
    "warn_of_endings",
    "zone_day",
]
