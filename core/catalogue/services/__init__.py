"""The room's verbs: the only writers of products."""

from core.catalogue.services.bulk import bulk_save_skus
from core.catalogue.services.commands import (
    BulkSaved,
    BulkSaveSkus,
    ChangeShelfState,
    Saved,
    SaveLine,
    SaveProducer,
    SaveSettings,
    SaveSku,
    SaveSpu,
    SkuRow,
    SubmitProducerLicence,
)
from core.catalogue.services.documents import write_documents
from core.catalogue.services.families import save_line, save_producer, save_spu
from core.catalogue.services.licences import copy_refuted, copy_verified, submit_producer_licence, warn_of_endings
from core.catalogue.services.pictures import ArrangePictures, add_picture, arrange_pictures
from core.catalogue.services.planning import BulkPlan, Fate, PlannedRow, plan_rows
from core.catalogue.services.settings import save_settings
from core.catalogue.services.shelf import Shelved, change_each_shelf_state, change_shelf_state
from core.catalogue.services.skus import save_sku
from core.catalogue.services.sweeping import forget_pictures
from core.catalogue.services.twins import tell_apart

__all__ = [
    "ArrangePictures",
    "BulkPlan",
    "BulkSaveSkus",
    "BulkSaved",
    "ChangeShelfState",
    "Fate",
    "PlannedRow",
    "SaveLine",
    "SaveProducer",
    "SaveSettings",
    "SaveSku",
    "SaveSpu",
    "Saved",
    "Shelved",
    "SkuRow",
    "SubmitProducerLicence",
    "add_picture",
    "arrange_pictures",
    "bulk_save_skus",
    "change_each_shelf_state",
    "change_shelf_state",
    "copy_refuted",
    "copy_verified",
    "forget_pictures",
    "plan_rows",
    "save_line",
    "save_producer",
    "save_settings",
    "save_sku",
    "save_spu",
    "submit_producer_licence",
    "tell_apart",
    "warn_of_endings",
    "write_documents",
]
