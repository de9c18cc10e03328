"""The API is what its document says, for every role: whatever fits or breaks the document is answered as documented.

Schemathesis makes requests from the OpenAPI document, good ones and bad ones, and sends them to the running product
with each role's token, with none, and with another brand's. No answer may be a fault of ours (5xx), carry a status the
document does not name, or have another shape. Real numbers and codes are written into the document, so that doors open.
"""

import copy
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from django.conf import settings as django_settings
from django.test.utils import override_settings
from hypothesis import HealthCheck, Phase, given, settings
from pytest_django import DjangoDbBlocker
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.calling import document
from tests.cast import PEOPLE, Cast
from tests.flows.world import Room, room
from tests.portals import CHISHUI, XINGHE
from tests.sessions import token_for
from tests.walls.world import World

pytestmark = pytest.mark.flows
Json = dict[str, Any]
EXAMPLES = 3
"""Of each door and sort (good, bad); each is sent as everybody."""
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
FILES = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
NOBODY, STRANGER = "nobody", "another brand's administrator"
ROLES = {role: key for key, (_, _, role) in PEOPLE.items()}
"""One seat a role."""


@dataclass
class Contract:
    """The running product, tokens by role, its document with real codes in it, and what each role was answered."""

    product: Room
    tokens: dict[str, str]
    document: Json
    session: requests.Session = field(default_factory=requests.Session)
    answered: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))

    def send(self, case: "Case[Any]") -> None:
        """Send one request as everybody and hold each answer against the document."""
        for role, token in self.tokens.items():
            headers = {"Host": XINGHE.host, **({"Authorization": f"Bearer {token}"} if token else {})}
            address = f"http://127.0.0.1:{self.product.product.port}"
            answer = case.call(base_url=address, headers=headers, session=self.session)
            case.validate_response(answer, checks=CHECKS)
            self.answered[role][answer.status_code] += 1


@pytest.fixture(scope="module")
def contract(django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Contract]:
    log: Path = tmp_path_factory.mktemp("contract")
    with django_db_blocker.unblock(), room("contract", log) as product:
        with _files_of_the_product(product):
            world = World.build(product.cast)
        tokens = {role: token_for(product.cast.seats[key]) for role, key in ROLES.items()}
        with CHISHUI.inside():
            stranger = token_for(Cast.build(CHISHUI).seats["admin"])
        yield Contract(product, {**tokens, NOBODY: "", STRANGER: stranger}, with_real_words(document(), world))


def _files_of_the_product(product: Room) -> override_settings:
    """What is stored here lies where the product looks."""
    place = Path(product.product.environment["JIUMAI_VAR"]) / "files"
    storages = {**django_settings.STORAGES, "default": {**FILES, "OPTIONS": {"location": str(place)}}}
    return override_settings(STORAGES=storages)


def with_real_words(plain: Json, world: World) -> Json:
    """The document with the codes in its paths and bodies limited to ones that are there, and one that is not."""
    goods = [sku.code for sku in world.cast.skus.values()]
    words = {"sku": goods, "warehouse": ["W1", "D-C1"], "from": ["W1", "D-C1"], "to": ["W1", "D-C1"]}
    made: Json = copy.deepcopy(plain)
    for path, methods in made["paths"].items():
        for operation in methods.values():
            for parameter in operation.get("parameters", []):
                if parameter["in"] == "path":
                    known = _known(path, parameter["name"], world)
                    parameter["schema"] = {"type": "string", "enum": [*known, "NOBODY-HAS-THIS"]}
    for component in made["components"]["schemas"].values():
        for name, values in words.items():
            if component.get("properties", {}).get(name, {}).get("type") == "string":
                component["properties"][name] = {"type": "string", "enum": [*values, "NOBODY-HAS-THIS"]}
    return made


def _known(path: str, name: str, world: World) -> list[str]:
    """What really stands in a path of this sort."""
    if "/shipments/{" in path:
        return list(world.shipments.values())
    if "/orders/{" in path:
        return [*world.waiting.values(), *world.confirmed.values()]
    if "/dealers/{" in path:
        return ["C1", "T1", "ROOT"]
    if "/price-lists/{" in path:
        return ["NAT", "CITY", "C1-NAT"]
    if "/jobs/{" in path:
        return [str(job) for job in world.jobs.values()]
    if "/promotions/policies/{" in path:
        return [world.policy]
    if "/promotions/coupons/{" in path:
        return [world.coupon]
    if "/seats/{" in path:
        return [str(seat.pk) for seat in world.cast.seats.values()][:6]
    if "/tokens/{" in path:
        return list(world.tokens.values())
    return [sku.code for sku in world.cast.skus.values()] if "/skus/{" in path else []


def doors() -> list[str]:
    """Method and path of everything the document names."""
    return [f"{method.upper()} {path}" for path, methods in document()["paths"].items() for method in methods]


@pytest.mark.parametrize("door", doors())
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["good", "bad"])
def test_every_answer_is_a_documented_one(door: str, mode: GenerationMode, contract: Contract) -> None:
    method, _, path = door.partition(" ")
    operation = schemathesis.openapi.from_dict(contract.document)[path][method]

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def send(case: "Case[Any]") -> None:
        contract.send(case)

    send()


def test_everybody_was_heard(contract: Contract) -> None:
    """After the doors: each role was let in somewhere and kept out elsewhere; nobody and strangers nowhere."""
    for role, statuses in contract.answered.items():
        if role in (NOBODY, STRANGER):
            assert set(statuses) <= {401, 404}, role  # 404: an address that is none
        else:
            assert statuses[200], role
            assert statuses[403] + statuses[422] + statuses[400] + statuses[404], role
    assert len(contract.answered) == len(ROLES) + 2
