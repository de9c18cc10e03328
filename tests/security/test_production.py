"""Headers, cookies, hosts and logs of the product as production runs it."""

import json

import pytest

from tests.cast import PEOPLE
from tests.factories.people import PASSWORD
from tests.production import DOMAIN, FIT
from tests.security.conftest import BRAND, BUYER_MAIL, BUYER_PHONE, CUSTOM, UNVERIFIED, Production

pytestmark = pytest.mark.flows
A_YEAR = 31_536_000


def test_the_cookies_of_a_session_are_bound_to_host_and_https(production: Production) -> None:
    browser = production.browser()
    answer = browser.post("/sign-in/", {"identifier": BUYER_PHONE, "password": PASSWORD})
    assert answer.status_code == 302
    cookies = {line.split("=", 1)[0]: line for line in answer.headers.get_list("set-cookie")}
    for name in ("__Host-jm", "__Host-jmc"):
        line = cookies[name]
        assert "; Secure" in line
        assert "; HttpOnly" in line
        assert "; SameSite=Lax" in line
        assert "; Path=/" in line
        assert "omain=" not in line
    assert browser.get("/orders/").status_code == 200


@pytest.mark.parametrize(
    ("host", "promise"),
    [
        (BRAND, f"max-age={A_YEAR}; includeSubDomains; preload"),
        (DOMAIN, f"max-age={A_YEAR}; includeSubDomains; preload"),
        (CUSTOM, f"max-age={A_YEAR}"),
    ],
)
def test_https_is_promised_for_what_is_ours_to_promise(production: Production, host: str, promise: str) -> None:
    answer = production.browser(host).get("/sign-in/")
    assert answer.status_code == 200
    assert answer.headers["Strict-Transport-Security"] == promise


def test_plain_http_is_sent_to_https_and_forms_are_refused(production: Production) -> None:
    answer = production.plain("GET", "/orders/?page=2", BRAND)
    assert (answer.status_code, answer.headers["Location"]) == (301, f"https://{BRAND}/orders/?page=2")
    answer = production.plain("GET", "/orders/", f"{BRAND.upper()}.:6666")
    assert answer.headers["Location"] == f"https://{BRAND}/orders/"
    assert production.plain("POST", "/sign-in/", BRAND).status_code == 403
    assert production.plain("POST", "/api/v1/orders", BRAND).json()["code"] == "https.needed"


@pytest.mark.parametrize("host", ["evil.example", UNVERIFIED, f"evil.{DOMAIN}", "", "a b", f"{BRAND}.evil.example"])
def test_an_unknown_host_is_nothing_and_leads_nowhere(production: Production, host: str) -> None:
    answer = production.plain("GET", "/", host, **{"X-Forwarded-Proto": "https"})
    assert answer.status_code in {400, 404}
    assert "Location" not in answer.headers
    assert "set-cookie" not in answer.headers
    assert host == "" or host not in answer.text
    answer = production.plain("GET", "/", host)
    assert answer.status_code in {400, 404}, "no redirect to a host that is not ours"


@pytest.mark.parametrize(
    "trick",
    [
        {"X-Forwarded-Host": "evil.example"},
        {"X-Original-URL": "/console/", "X-Rewrite-URL": "/console/"},
        {"Forwarded": "host=evil.example;proto=http"},
        {"X-HTTP-Method-Override": "DELETE"},
    ],
)
def test_words_nobody_asked_for_change_nothing(production: Production, trick: dict[str, str]) -> None:
    answer = production.browser().get("/orders/", headers=trick)
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/sign-in/?next=/orders/"
    assert "evil.example" not in str(answer.headers)


def test_the_inner_questions(production: Production) -> None:
    def ask(path: str, **headers: str) -> int:
        return production.plain("GET", path, "web:8000", **headers).status_code

    assert ask(f"/certificate?domain={CUSTOM}") == 200
    assert ask(f"/certificate?domain={BRAND.upper()}.") == 200
    assert ask(f"/certificate?domain=ops.{DOMAIN}") == 200
    for stranger in ("evil.example", UNVERIFIED, f"nobody.{DOMAIN}", "", "x" * 300, "%00"):
        assert ask(f"/certificate?domain={stranger}") == 404
    assert ask(f"/certificate?domain={CUSTOM}", **{"X-Forwarded-For": "203.0.113.9"}) == 404
    assert (ask("/healthz"), ask("/readyz")) == (200, 200)
    assert ask("/metrics") == 404
    assert ask("/metrics", Authorization="Bearer wrong") == 404
    assert ask("/metrics", Authorization=f"Bearer {FIT['JIUMAI_METRICS_TOKEN']}") == 200


def test_figures_are_added_up_over_processes(production: Production) -> None:
    production.browser().get("/sign-in/")
    bearer = {"Authorization": f"Bearer {FIT['JIUMAI_METRICS_TOKEN']}"}
    text = production.plain("GET", "/metrics", "web:8000", **bearer).text
    assert 'jiumai_request_seconds_count{method="GET",route="sign_in",status="200"}' in text
    assert 'jiumai_pool_connections{state="free"}' in text


def test_what_belongs_to_development_is_not_there(production: Production) -> None:
    browser = production.signed_in()
    for path in ("/outbox/", "/styleguide/", "/__debug__/"):
        assert browser.get(path).status_code == 404


def test_static_files_are_kept_for_good_and_named_by_content(production: Production) -> None:
    page = production.browser().get("/sign-in/").text
    path = page.split('rel="stylesheet" href="')[1].split('"')[0]
    answer = production.browser().get(path)
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_form_from_elsewhere_is_refused(production: Production) -> None:
    browser = production.signed_in()
    answer = browser.send(
        "POST", "/language/", data={"language": "en"}, headers={"Origin": "https://evil.example", "Referer": ""}
    )
    assert answer.status_code == 403


def test_no_log_of_a_whole_flow_holds_anything_personal(production: Production) -> None:
    secrets = _a_flow(production)
    lines = [line for name in ("web", "worker") for line in production.log(name).splitlines() if line]
    records = [json.loads(line) for line in lines if line.startswith("{")]
    routes = {record.get("route") for record in records}
    assert {"sign_in", "storefront:orders"} & routes
    assert any(record["schema"] == "t_xinghe" and record["seat"] != "-" for record in records)
    text = "\n".join(lines)
    assert [secret for secret in secrets if secret in text] == []


def _a_flow(production: Production) -> list[str]:
    """Sign in wrongly and rightly, ask and order, fail in every way; what must not be found afterwards."""
    browser = production.browser()
    browser.post("/sign-in/", {"identifier": BUYER_PHONE, "password": "a wrong password"})
    browser.post("/sign-in/?next=/orders/%3Fq=needle-in-a-query", {"identifier": BUYER_MAIL, "password": PASSWORD})
    browser.get("/orders/?q=needle-in-a-query")
    browser.get("/nowhere/needle-in-a-path/")
    browser.send("POST", "/language/", data={"language": "needle-in-a-form"})
    browser.post("/forgot/", {"identifier": BUYER_PHONE})
    bearer = {"Authorization": f"Bearer {production.token}", "Idempotency-Key": "needle-of-a-key-0001"}
    line = {"sku": production.cast.skus[1].code, "unit": "CASE", "quantity": 1}
    placed = browser.send("POST", "/api/v1/orders", json={"lines": [line]}, headers=bearer)
    assert placed.status_code == 201, placed.text
    browser.send("POST", "/api/v1/orders", content=b'{"needle-in-json', headers=bearer)
    browser.send("GET", "/api/v1/orders", headers={"Authorization": "Bearer jm_needle_of_a_token"})
    production.plain("GET", "/", "needle-in-a-host.example", **{"X-Forwarded-Proto": "https"})
    cookies = [str(cookie.value) for cookie in browser.client.cookies.jar]
    names = [name for name, _house, _role in PEOPLE.values()]
    houses = [dealer.name for dealer in (production.cast.p1, production.cast.c1, production.cast.c2)]
    keys = [FIT[name] for name in ("JIUMAI_SECRET_KEY", "JIUMAI_VAULT_INDEX_KEY", "JIUMAI_METRICS_TOKEN")]
    return ["needle", BUYER_PHONE, BUYER_MAIL, PASSWORD, production.token, *cookies, *names, *houses, *keys]
