"""Components drawn once: the same mark, bottle, stepper or stock word stands on a page fifty times, and on every page.

Their templates stay templates; what they come to for the same words in the same language is kept in the process, as
many as a large catalogue needs. Nothing of a person or a brand's prices is in them.
"""

from functools import lru_cache

from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

KEPT = 8_192


def component(template: str, **context: object) -> SafeString:
    """The component as markup; ``context`` by (hashable) value, so that the same values are the same component."""
    return _rendered(template, get_language() or "", tuple(context.items()))


@lru_cache(maxsize=KEPT)
def _rendered(template: str, language: str, context: tuple[tuple[str, object], ...]) -> SafeString:
    # What an autoescaping template returns is safe; ``render`` only forgets to say so in its type.
    return mark_safe(get_template(template).render(dict(context)))  # nosec B308 B703 - an own template, escaped
