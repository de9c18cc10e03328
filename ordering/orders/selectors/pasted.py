"""What would an order of a pasted block cost? Reading, looking up and checking, for one line and for five hundred."""

from dataclasses import dataclass

from core.catalogue.selectors import FoundSku, Match, named_skus
from core.kernel.actor import Actor
from core.kernel.errors import DomainError
from ordering.orders.errors import NameUnclear, SkuUnknown
from ordering.orders.paste import PastedLine, parse_paste
from ordering.orders.rules.checks import AskedLine
from ordering.orders.rules.evaluating import NO_WISHES, Wishes
from ordering.orders.selectors.checking import CheckedCart, check_lines


@dataclass(frozen=True, slots=True)
class Unread:
    """A pasted line that names no product surely, or no quantity; ``candidates`` are products it may mean."""

    pasted: PastedLine
    fault: DomainError
    candidates: tuple[FoundSku, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckedText:
    """The lines that could be read, checked; ``read[i]`` is the pasted line of ``checked.lines[i]``."""

    checked: CheckedCart
    read: tuple[PastedLine, ...]
    unread: tuple[Unread, ...]


def check_text(
    *,
    actor: Actor,
    text: str,
    buyer_code: str | None = None,
    address_id: int | None = None,
    wishes: Wishes = NO_WISHES,
) -> CheckedText:
    """Read a pasted block as the order pad does and check it; ten statements at most.

    Raises ``paste.TooManyLines`` above 500 lines, and what ``check_lines`` raises.
    """
    pasted = parse_paste(text)
    found = named_skus(actor, [line.term for line in pasted if line.term])
    read: list[PastedLine] = []
    asked: list[AskedLine] = []
    unread: list[Unread] = []
    for line in pasted:
        match = found.get(line.term)
        fault = line.problem or _unnamed(line, match)
        if fault is not None:
            unread.append(Unread(line, fault, match.candidates if match else ()))
        elif match is not None and match.sku is not None:
            read.append(line)
            asked.append(AskedLine(len(read), match.sku.code, line.quantity or 0, line.unit))
    checked = check_lines(actor=actor, lines=asked, buyer_code=buyer_code, address_id=address_id, wishes=wishes)
    return CheckedText(checked, tuple(read), tuple(unread))


def _unnamed(line: PastedLine, match: Match | None) -> DomainError | None:
    if match is not None and match.sku is not None:
        return None
    if match is not None and match.candidates:
        return NameUnclear(field="sku", text_read=line.term[:48])
    return SkuUnknown(field="sku", sku=line.term[:48])
