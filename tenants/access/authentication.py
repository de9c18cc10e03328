"""Who calls the API: a signed-in session (forged requests refused) or a token of one seat."""

from typing import TYPE_CHECKING, Any, cast

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.translation import gettext
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.text import N_
from core.web import logs
from core.web.requests import PageRequest
from tenants.access import rules
from tenants.access.actors import actor_with
from tenants.access.models import ApiToken
from tenants.access.rights import rights_by_token
from tenants.access.services import note_use

if TYPE_CHECKING:
    from rest_framework.views import APIView  # it imports this module at run time, by settings

BAD_TOKEN = N_("The token is not valid: unknown, ended or revoked.")
FORGED = N_("The request carries no valid CSRF token.")
_NO_SECRET = rules.digest("nobody has this secret")


class _CsrfCheck(CsrfViewMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        raise PermissionDenied(gettext(FORGED), code="csrf_failed")


class SeatAuthentication(BaseAuthentication):
    """``Authorization: Bearer jm_<key>_<secret>``, else the session's seat. The Actor is ``request.user``."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        """The actor and the token; None when nobody is signed in. Raises ``AuthenticationFailed``."""
        page = cast("PageRequest", request._request)
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        if scheme:
            if scheme.lower() != "bearer":
                raise AuthenticationFailed(gettext(BAD_TOKEN), code="bad_token")
            page.actor = self._actor_of_token(page, given.strip())
            logs.seat.set(str(page.actor.seat_id))
            return page.actor, given
        if page.actor is None:
            return None
        self._refuse_forged(page)
        return page.actor, None

    def authenticate_header(self, request: Request) -> str:
        """Makes DRF answer 401 instead of 403 when nobody is signed in."""
        return 'Bearer realm="jiumai"'

    def _actor_of_token(self, page: PageRequest, text: str) -> Actor:
        parsed = rules.parse_token(text)
        found = rights_by_token(parsed[0]) if parsed and page.brand else None
        # An unknown key costs the comparisons too, so that time tells nothing.
        is_right = _knows(parsed[1] if parsed else "", found[0] if found else None)
        if found is None or page.brand is None or not is_right or not _is_in_force(found[0]):
            raise AuthenticationFailed(gettext(BAD_TOKEN), code="bad_token")
        token, rights = found
        note_use(token)
        return actor_with(rights, page.brand, only=token.codes, token_id=token.pk)

    def _refuse_forged(self, page: PageRequest) -> None:
        check = _CsrfCheck(lambda request: HttpResponse())
        check.process_request(page)
        check.process_view(page, lambda request: HttpResponse(), (), {})


def _knows(secret: str, token: ApiToken | None) -> bool:
    """Whether the secret is the token's, or its former one in the hours after a rotation."""
    is_present = rules.fits(secret, token.secret_digest if token else _NO_SECRET)
    is_former = rules.fits(secret, (token.previous_digest if token else "") or _NO_SECRET)
    is_taken = token is not None and token.previous_until is not None and clock.now() < token.previous_until
    return is_present or (is_former and is_taken)


def _is_in_force(token: ApiToken) -> bool:
    return token.revoked_at is None and token.expires_at > clock.now()


class HasActor(BasePermission):
    """Somebody sits in a seat of this brand."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Whether there is an actor."""
        return isinstance(request.user, Actor)
