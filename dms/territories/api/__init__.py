"""The map, for programs: grants, zones, and who supplies an outlet."""

from dms.territories.api import grants, supplies, zones

urlpatterns = [*grants.urlpatterns, *zones.urlpatterns, *supplies.urlpatterns]
