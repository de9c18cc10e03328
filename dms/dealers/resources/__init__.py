"""What comes in of dealers as tables: dealers themselves, their addresses, the balances their accounts begin with."""

from dms.dealers.resources import addresses, openings
from dms.dealers.resources.dealers import COLUMNS, LABELS, import_guide, import_template

__all__ = ["COLUMNS", "LABELS", "addresses", "import_guide", "import_template", "openings"]
