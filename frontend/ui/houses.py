"""What houses are called: dealers by their registered names, the brand in the reader's language."""

from core.db.naming import called
from core.kernel.brand import BrandFacts


def house_name(name: str, brand: BrandFacts | None) -> str:
    """``name``, or the brand's name for the reader where it is the brand's."""
    return called(brand) if brand is not None and name == brand.name else name
