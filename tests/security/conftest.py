"""The product as production runs it: its settings, its commands, TLS before it; on loopback."""

import re
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from core.db.acts import public
from core.kernel import clock
from tenants.brands.models import Brand, Domain
from tests.cast import Cast
from tests.database import test_database
from tests.factories.people import PASSWORD, make_person
from tests.live import REDIS_NUMBER, ROOT, LiveProduct, _free_port, database_url, redis_url
from tests.portals import XINGHE
from tests.production import DOMAIN, FIT, environment
from tests.sessions import token_for
from tests.tls import tls_proxy

BRAND = f"xinghe.{DOMAIN}"
CUSTOM = "order.xinghe-baijiu.example"
UNVERIFIED = "not-yet.xinghe-baijiu.example"
HOSTS = [DOMAIN, f"ops.{DOMAIN}", BRAND, CUSTOM, UNVERIFIED, "evil.example"]
BUYER_PHONE = "13900139001"
BUYER_MAIL = "li.min@c1.example"
_FIELD = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass
class Browser:
    """Somebody's browser on one host, over TLS, with a cookie jar."""

    host: str
    port: int
    client: httpx.Client

    def send(self, method: str, path: str, **options: object) -> httpx.Response:
        """Send one request as this host's page would."""
        given = options.pop("headers", {})
        headers = {"Host": self.host, "Origin": f"https://{self.host}", **(given if isinstance(given, dict) else {})}
        return self.client.request(
            method,
            f"https://127.0.0.1:{self.port}{path}",
            headers={name: value for name, value in headers.items() if value},
            extensions={"sni_hostname": self.host},
            **options,  # type: ignore[arg-type]  # httpx's own
        )

    def get(self, path: str, **options: object) -> httpx.Response:
        """Open a page."""
        return self.send("GET", path, **options)

    def post(self, path: str, fields: dict[str, str], *, page: str = "") -> httpx.Response:
        """Send the form of ``page`` (by default of the same address)."""
        found = _FIELD.search(self.get(page or path).text)
        assert found is not None, f"no form on {page or path}"
        return self.send("POST", path, data={**fields, "csrfmiddlewaretoken": found[1]})


@dataclass
class Production:
    """The running product with its proxy, and who is known in it."""

    product: LiveProduct
    port: int
    trust: ssl.SSLContext
    cast: Cast
    token: str
    opened: list[httpx.Client] = field(default_factory=list)
    inner: list[httpx.Client] = field(default_factory=list)

    def browser(self, host: str = BRAND) -> Browser:
        """A browser without a past."""
        client = httpx.Client(verify=self.trust, follow_redirects=False, timeout=30)
        self.opened.append(client)
        return Browser(host, self.port, client)

    def plain(self, method: str, path: str, host: str, **headers: str) -> httpx.Response:
        """Straight to the web process, without the proxy."""
        if not self.inner:
            self.inner.append(httpx.Client(timeout=30))
        address = f"http://127.0.0.1:{self.product.port}{path}"
        return self.inner[0].request(method, address, headers={"Host": host, **headers})

    def signed_in(self) -> Browser:
        """The buyer's browser."""
        browser = self.browser()
        browser.post("/sign-in/", {"identifier": BUYER_PHONE, "password": PASSWORD})
        return browser

    def log(self, name: str) -> str:
        """What a program has printed."""
        return (self.product.log / f"{name}.log").read_text()


@pytest.fixture(scope="module")
def production(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Production]:
    """Web and worker by ``infra.run`` under production's settings, behind TLS."""
    log = tmp_path_factory.mktemp("production")
    name = f"{connection.settings_dict['TEST']['NAME']}_prod"
    keys = {"VAULT_KEYS": FIT["JIUMAI_VAULT_KEYS"], "VAULT_INDEX_KEY": FIT["JIUMAI_VAULT_INDEX_KEY"]}
    with django_db_blocker.unblock(), override_settings(**keys), test_database(name):
        cast, token = _world()
        with _running(name, log) as product, tls_proxy(product.port, HOSTS, log) as (port, trust):
            running = Production(product, port, trust, cast, token)
            yield running
            for client in [*running.opened, *running.inner]:
                client.close()


def _world() -> tuple[Cast, str]:
    with public():
        brand = Brand.objects.get(slug=XINGHE.slug)
        now = clock.now()
        Domain.objects.create(tenant=brand, domain=BRAND, is_primary=False, verified_at=now)
        Domain.objects.create(tenant=brand, domain=CUSTOM, is_primary=False, verified_at=now)
        Domain.objects.create(tenant=brand, domain=UNVERIFIED, is_primary=False)
    with XINGHE.inside():
        cast = Cast.build(XINGHE)
        token = token_for(cast.seats["buyer_c1"])
    buyer = make_person(cast.seats["buyer_c1"].person_name, phone=BUYER_PHONE, email=BUYER_MAIL)
    with public():  # production knows no quick hash
        buyer.password = make_password(PASSWORD, hasher="argon2")
        buyer.save(update_fields=["password"])
    return cast, token


@contextmanager
def _running(database: str, log: Path) -> Iterator[LiveProduct]:
    port = _free_port()
    servers = {"DATABASE_URL": database_url(database), "REDIS_URL": redis_url().removesuffix(str(REDIS_NUMBER)) + "10"}
    told = environment(
        log / "var",
        **servers,
        JIUMAI_PORT=str(port),
        JIUMAI_QUEUE=f"jiumai-{database}",
        JIUMAI_MAIL_HOST="127.0.0.1",
        JIUMAI_MAIL_PORT="1",
        JIUMAI_DRAIN_SECONDS="0",
        JIUMAI_WEB_WORKERS="1",
    )
    _manage(told, "collectstatic", "--noinput", "--verbosity", "0", "--ignore", "django_htmx/ext/*")
    _manage(told, "check", "--deploy", "--database", "default", "--fail-level", "WARNING")
    product = LiveProduct(port=port, database=database, environment=told, log=log)
    try:
        for program in ("web", "worker"):
            product.start(program, sys.executable, "-m", "infra.run", program)
        product._wait_until_ready()
        yield product
    finally:
        for program in list(product.processes):
            product.stop(program)


def _manage(told: dict[str, str], *command: str) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", *command], cwd=ROOT, env=told, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
