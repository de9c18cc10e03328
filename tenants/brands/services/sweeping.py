"""Pictures of a brand that neither a product nor the portal's look shows."""

from core.catalogue import services as catalogue
from core.db.acts import current_schema, public
from tenants.brands.models import Brand


def forget_pictures() -> int:
    """Delete them in the present brand's schema, logos apart; how many. A new logo is younger than the grace."""
    schema = current_schema()
    with public():
        rows = Brand.objects.filter(schema_name=schema).values_list("logo_square", "logo_wide")
        logos = [file_id for row in rows for file_id in row if file_id is not None]
    return catalogue.forget_pictures(kept=logos)
