"""Products as the console draws them: drawn bottle or picture, strength and pack in one line."""

from django.urls import reverse
from django.utils.translation import get_language

from core.catalogue.models import ProductLine, Sku
from core.catalogue.rules import Aroma, BottleDrawing, drawn_bottle


def name_of(one: Sku | ProductLine) -> str:
    """The English name for readers of English, where there is one."""
    return one.name_en if one.name_en and (get_language() or "").startswith("en") else one.name


def spec_of(abv_tenths: int, volume_ml: int, bottles_per_case: int) -> str:
    """Strength, bottle and pack: ``53度 500ml×6``, in English ``53% 500 ml × 6``."""
    whole, rest = divmod(abv_tenths, 10)
    strength = f"{whole}.{rest}" if rest else str(whole)
    if (get_language() or "").startswith("en"):
        return f"{strength}% · {volume_ml} ml × {bottles_per_case}"
    return f"{strength}度 {volume_ml}ml×{bottles_per_case}"


def spec_of_sku(sku: Sku) -> str:
    """The same of a SKU's row."""
    return spec_of(sku.abv_tenths, sku.volume_ml, sku.bottles_per_case)


def drawing_of(sku: Sku) -> BottleDrawing:
    """The bottle shown where there is no picture; needs the SPU joined."""
    return drawn_bottle(aroma=Aroma(sku.aroma), packaging=sku.spu.packaging, name=sku.name, abv_tenths=sku.abv_tenths)


def picture_url_of(sku: Sku) -> str:
    """Where the picture lies, empty where the bottle is drawn."""
    return reverse("files:download", args=[sku.picture_file_id]) if sku.picture_file_id else ""
