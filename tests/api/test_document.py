"""The OpenAPI document is valid, complete, and served beside a page that shows it."""

from drf_spectacular.validation import validate_schema

from core.project.urls_brand import urlpatterns
from tests.api.calling import document
from tests.cast import Cast
from tests.clients import visitor

QUESTIONS = ("/api/v1/order-checks", "/api/v1/promotions/simulations")
"""Asked by a body, and nothing is written."""


def test_the_document_is_valid_openapi() -> None:
    validate_schema(document())


def test_every_door_says_what_it_takes_and_answers() -> None:
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            assert operation["security"] == [{"token": []}, {"session": []}], path
            answers = operation["responses"]
            assert {"401", "403"} <= answers.keys(), (method, path)
            assert all(answer["content"] for answer in answers.values()), (method, path)
            if method == "post" and path not in QUESTIONS:
                names = {one["name"] for one in operation["parameters"]}
                assert "Idempotency-Key" in names, path


def test_it_is_served_where_the_page_reads_it(cast: Cast) -> None:
    client = visitor(cast.portal)
    served = client.get("/api/v1/openapi.json")
    assert served.status_code == 200
    assert served.json()["paths"].keys() == document()["paths"].keys()
    assert client.get("/api/docs/").status_code == 200
    assert urlpatterns
