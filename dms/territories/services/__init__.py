"""The verbs of the map: grants, zones, supplies."""

from dms.territories.services.beginnings import begin_supplies, withdraw_supply
from dms.territories.services.changing import (
    ChangeGrant,
    RenewGrant,
    change_grant,
    end_grant,
    renew_grant,
    withdraw_grant,
)
from dms.territories.services.drafting import GrantTerritory
from dms.territories.services.giving import Fate, Imported, grant, import_grants
from dms.territories.services.supplies import (
    ChangeSupply,
    ChangeTerritoryRules,
    change_supply,
    change_territory_rules,
)
from dms.territories.services.zones import SaveZone, close_zone, save_zone

__all__ = [
    "ChangeGrant",
    "ChangeSupply",
    "ChangeTerritoryRules",
    "Fate",
    "GrantTerritory",
    "Imported",
    "RenewGrant",
    "SaveZone",
    "begin_supplies",
    "change_grant",
    "change_supply",
    "change_territory_rules",
    "close_zone",
    "end_grant",
    "grant",
    "import_grants",
    "renew_grant",
    "save_zone",
    "withdraw_grant",
    "withdraw_supply",
]
