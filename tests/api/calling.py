"""A caller of the API that holds every answer against the OpenAPI document: status, content type and shape."""

import re
from functools import cache
from typing import Any
from uuid import uuid4

import jsonschema  # type: ignore[import-untyped]  # brings no types of its own
from drf_spectacular.generators import SchemaGenerator

from core.kernel.actor import Actor
from core.web.replies import PROBLEM_TYPE
from tests.cast import Cast

Json = dict[str, Any]
BASE = "/api/v1/"


@cache
def document() -> Json:
    """The OpenAPI document of a brand's host."""
    found: Json = SchemaGenerator(urlconf="core.project.urls_brand").get_schema(request=None, public=True)
    return found


class Api:
    """One seat's token on the brand's host."""

    def __init__(self, cast: Cast, actor: Actor, **token: Any) -> None:
        self.client = cast.client(actor)
        self.client.cookies.clear()
        self.headers = {"authorization": f"Bearer {cast.token(actor, **token)}"}

    def get(self, path: str, status: int = 200) -> Json:
        """Read a resource."""
        return self.send("get", path, status)

    def post(self, path: str, body: Any = None, status: int = 200, key: str | None = None) -> Json:
        """Post with a key, a fresh one unless told; an empty one sends none."""
        return self.send("post", path, status, {} if body is None else body, uuid4().hex if key is None else key)

    def put(self, path: str, body: Any, status: int = 200) -> Json:
        """Put a resource."""
        return self.send("put", path, status, body)

    def send(
        self,
        method: str,
        path: str,
        status: int,
        body: Any = None,
        key: str = "",
        content_type: str = "application/json",
    ) -> Json:
        """Send and compare: the status asked for, documented, in the documented shape."""
        options: Json = {"headers": {**self.headers, **({"idempotency-key": key} if key else {})}}
        if body is not None:
            options |= {"data": body, "content_type": content_type}
        self.answer = getattr(self.client, method)(BASE + path, **options)
        found = self.answer.json()
        assert self.answer.status_code == status, found
        held_to_document(method, path, self.answer)
        return dict(found)


def held_to_document(method: str, path: str, answer: Any) -> None:
    """Assert that the answer's status and shape stand in the document."""
    operation = document()["paths"][_template(path.partition("?")[0])].get(method)
    assert operation or answer.status_code == 405
    if not operation:
        return
    described = operation["responses"][str(answer.status_code)]["content"]
    content_type = "application/json" if answer.status_code < 400 else PROBLEM_TYPE
    assert answer["Content-Type"] == content_type
    schema = _plain(described[content_type]["schema"])
    jsonschema.validate(answer.json(), {**schema, "components": _plain(document()["components"])})


def _template(path: str) -> str:
    for known in sorted(document()["paths"], key=lambda one: one.count("{")):
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", known), BASE + path):
            return str(known)
    raise AssertionError(f"{path} is not in the document")


def _plain(schema: Any) -> Any:
    """OpenAPI's ``nullable`` as JSON Schema says it."""
    if isinstance(schema, list):
        return [_plain(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {name: _plain(value) for name, value in schema.items() if name != "nullable"}
    return {"anyOf": [plain, {"type": "null"}]} if schema.get("nullable") is True else plain
