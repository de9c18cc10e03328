"""The words in which doors describe themselves: small JSON Schemas, put together by hand beside the readers."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from core.web.replies import PROBLEM_TYPE

Schema = dict[str, Any]
F = TypeVar("F", bound=Callable[..., Any])

TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer"}
FLAG: Schema = {"type": "boolean"}
DAY: Schema = {"type": "string", "format": "date", "example": "2026-01-31"}
INSTANT: Schema = {"type": "string", "format": "date-time", "example": "2026-01-12T02:00:00.000Z"}
_NOT_IN_A_NAME = re.compile("[^a-z0-9]+")
UUID: Schema = {"type": "string", "format": "uuid"}
AMOUNT: Schema = {"type": "string", "pattern": r"^-?\d+(\.\d{1,2})?$", "example": "1980.00"}
MONEY: Schema = {"$ref": "#/components/schemas/Money"}
UNIT: Schema = {"type": "string", "enum": ["CASE", "BOTTLE"]}
JSON_TYPE = "application/json"

REASONS = {
    400: "The body is no JSON, or a header is missing.",
    401: "Nobody is signed in, or the token is not valid.",
    403: "The seat's role or the token's codes do not include this.",
    404: "Not there, or not the caller's to see.",
    409: "In conflict with the present state; a repeated request is still being answered.",
    415: "The content type is not understood.",
    422: "Refused: every fault with its line and field. Nothing was changed.",
    503: "Busy. Nothing was changed; send it again.",
}
ALWAYS = (401, 403)
OF_BODIES = (400, 415, 422)
OF_ACTS = (400, 409, 415, 422, 503)
"""A key that is missing or was used for something else is refused like a body that is wrong."""


def shape(required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None) -> Schema:
    """A closed object: ``required`` are always there, ``optional`` may be left out."""
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        **({"required": list(required)} if required else {}),
        "additionalProperties": False,
    }


def list_of(items: Schema) -> Schema:
    """A list."""
    return {"type": "array", "items": items}


def maybe(schema: Schema) -> Schema:
    """The value or null."""
    return {"allOf": [schema], "nullable": True} if "$ref" in schema else {**schema, "nullable": True}


def words(known: Sequence[str]) -> Schema:
    """One of the words."""
    return {"type": "string", "enum": list(known)}


def query(name: str, schema: Schema, description: str, *, is_repeated: bool = False) -> OpenApiParameter:
    """A parameter of the query string."""
    return OpenApiParameter(
        name, list_of(schema) if is_repeated else schema, OpenApiParameter.QUERY, description=description
    )


AFTER = query("after", TEXT, "`next` of the slice before")
LIMIT = query("limit", {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}, "Rows a slice")
PAGE = query("page", {"type": "integer", "minimum": 1, "default": 1}, "Page of 50 rows")
KEY = OpenApiParameter(
    "Idempotency-Key",
    TEXT,
    OpenApiParameter.HEADER,
    required=True,
    description="Any text of 1 to 255 characters of your own. The same key with the same body gets the same answer.",
)


def slice_of_items(items: Schema) -> Schema:
    """A slice of a list that is read by cursor."""
    return shape({"items": list_of(items), "next": maybe(TEXT)})


def described(
    summary: str,
    *,
    answer: Schema,
    status: int = 200,
    body: Schema | None = None,
    media: str = JSON_TYPE,
    answer_media: str = JSON_TYPE,
    needs_key: bool = False,
    refusals: Sequence[int] = (),
    parameters: Sequence[OpenApiParameter] = (),
) -> Callable[[F], F]:
    """Describe one method of a door: what it takes, what it answers, and every status it may refuse with."""
    statuses = {*ALWAYS, *refusals, *(OF_BODIES if body is not None else ()), *(OF_ACTS if needs_key else ())}
    responses: dict[Any, Any] = {(status, answer_media): answer}
    for code in sorted(statuses):
        responses[(code, PROBLEM_TYPE)] = {"$ref": "#/components/schemas/Problem", "description": REASONS[code]}
    return extend_schema(
        operation_id=_NOT_IN_A_NAME.sub("_", summary.lower()).strip("_"),
        summary=summary,
        request={media: body} if body is not None else None,
        responses=responses,
        parameters=[*parameters, *([KEY] if needs_key else [])],
    )


_FAULT = shape({"code": TEXT, "detail": TEXT, "line": maybe(WHOLE), "field": maybe(TEXT), "fields": {"type": "object"}})
COMPONENTS: Schema = {
    "schemas": {
        "Money": {
            **shape({"amount": AMOUNT, "currency": {"type": "string", "example": "CNY"}}),
            "description": "An exact amount as text, tax inside, with its currency.",
        },
        "Problem": {
            **shape(
                {
                    "type": TEXT,
                    "title": TEXT,
                    "status": WHOLE,
                    "code": TEXT,
                    "detail": TEXT,
                    "instance": TEXT,
                    "request_id": TEXT,
                    "errors": list_of(_FAULT),
                }
            ),
            "description": "What was refused and why (RFC 9457). `code` is stable, `detail` speaks to people.",
        },
    },
}


def with_components(result: Schema, generator: object, request: Request | None, public: bool) -> Schema:
    """Put the shared parts, and the reasons of refusals into the document (a spectacular hook)."""
    components = result.setdefault("components", {})
    for kind, parts in COMPONENTS.items():
        components[kind] = {**components.get(kind, {}), **parts}
    for path in result["paths"].values():
        for operation in path.values():
            for status, response in operation["responses"].items():
                reason = REASONS.get(int(status))
                response["description"] = reason or "Done."
                for content in response.get("content", {}).values():
                    content["schema"].pop("description", None) if "$ref" in content["schema"] else None
    return result
