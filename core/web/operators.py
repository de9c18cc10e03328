"""Who sits at the operator's desk, as its pages and Django's admin ask for them."""

from dataclasses import dataclass
from typing import cast

from django.http import HttpRequest

from core.kernel.actor import Actor, Side
from core.kernel.errors import Missing
from core.web.requests import PageRequest


@dataclass(frozen=True, slots=True)
class DeskUser:
    """The operator as Django's admin asks for one: it may look at what its windows let it, and edits nothing."""

    pk: object
    name: str
    is_active: bool = True
    is_staff: bool = True
    is_authenticated: bool = True
    is_anonymous: bool = False

    def get_username(self) -> str:
        """How the head of the page calls the operator."""
        return self.name

    get_full_name = get_short_name = get_username

    def has_perm(self, permission: str, row: object = None) -> bool:
        """Never: rights are the windows' and the verbs' business."""
        return False

    def has_module_perms(self, label: str) -> bool:
        """As above."""
        return False

    def has_usable_password(self) -> bool:
        """Passwords are changed on the account page of the platform's host."""
        return False


def operator_of(request: HttpRequest) -> Actor | None:
    """Who sits at the desk; None for everybody else."""
    page = cast("PageRequest", request)
    actor = getattr(page, "actor", None)
    return actor if getattr(page, "is_desk", False) and actor is not None and actor.side is Side.PLATFORM else None


def sitting(request: HttpRequest) -> Actor:
    """The operator of a desk page. Raises ``Missing``: for nobody else is there a desk at all."""
    actor = operator_of(request)
    if actor is None:
        raise Missing
    return actor
