"""The verbs of brands. All act in the public schema."""

from tenants.brands.services.deletion import begin_deletion, keep_archive, request_deletion
from tenants.brands.services.domains import add_domain, check_domain, remove_domain
from tenants.brands.services.look import (
    ChangeLook,
    ChangeTexts,
    PublishBrand,
    change_look,
    change_texts,
    drop_logo,
    publish_brand,
    set_logo,
)
from tenants.brands.services.moving_in import Imported, import_brand
from tenants.brands.services.moving_out import Exported, export_brand
from tenants.brands.services.opening import OpenBrand, create_brand, open_brand, provision
from tenants.brands.services.portals import forget_portal, note_portal, settle_portals
from tenants.brands.services.rechecking import recheck_hosts
from tenants.brands.services.states import (
    change_state,
    make_read_only,
    require_second_factor,
    resume,
    suspend,
)
from tenants.brands.services.sweeping import forget_pictures
from tenants.brands.services.tables import bring_up_to_date, ensure_tables

__all__ = [
    "ChangeLook",
    "ChangeTexts",
    "Exported",
    "Imported",
    "OpenBrand",
    "PublishBrand",
    "add_domain",
    "begin_deletion",
    "bring_up_to_date",
    "change_look",
    "change_state",
    "change_texts",
    "check_domain",
    "create_brand",
    "drop_logo",
    "ensure_tables",
    "export_brand",
    "forget_pictures",
    "forget_portal",
    "import_brand",
    "keep_archive",
    "make_read_only",
    "note_portal",
    "open_brand",
    "provision",
    "publish_brand",
    "recheck_hosts",
    "remove_domain",
    "request_deletion",
    "require_second_factor",
    "resume",
    "set_logo",
    "settle_portals",
    "suspend",
]
