"""Every answer carries the strict policy, page, API and refusal alike."""

import pytest

from tests.cast import Cast
from tests.clients import signed_in, visitor
from tests.portals import XINGHE

STRICT = ("default-src 'self'", "script-src 'self'", "style-src 'self'", "object-src 'none'", "frame-ancestors 'none'")


@pytest.mark.parametrize("path", ["/", "/products/", "/console/", "/api/v1/orders", "/nowhere/", "/api/docs/"])
def test_answers_carry_the_strict_policy_each_time(cast: Cast, path: str) -> None:
    for client in (visitor(XINGHE), signed_in(XINGHE, cast.seats["admin"]), signed_in(XINGHE, cast.seats["buyer_c1"])):
        for _ in range(2):
            policy = client.get(path).headers["Content-Security-Policy"]
            assert all(word in policy for word in STRICT)
            assert "unsafe" not in policy
