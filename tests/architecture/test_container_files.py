"""The container files describe the whole system, with least rights. No engine is needed to check that."""

import re
from typing import Any

import pytest
import yaml

from shared.settings import DATABASES
from tests.architecture.sources import CHECKOUT

DOCKERFILE = (CHECKOUT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text(encoding="utf-8"))
OURS = DATABASES


def instructions(name: str) -> list[str]:
    """Give the arguments of an instruction of the Dockerfile, in their order."""
    joined = DOCKERFILE.replace("\\\n", " ")
    return [line.partition(" ")[2].strip() for line in joined.splitlines() if line.startswith(f"{name} ")]


def test_every_part_of_the_system_runs() -> None:
    assert set(COMPOSE["services"]) == {"postgres", "setup", *OURS}


@pytest.mark.parametrize("service", OURS)
def test_one_image_serves_all_and_the_service_is_an_argument(service: str) -> None:
    described = COMPOSE["services"][service]

    assert described["build"]["dockerfile"] == "deploy/Dockerfile"
    assert described["environment"]["A22_SERVICE"] == service


def test_nothing_runs_as_root() -> None:
    assert re.fullmatch(r"[1-9]\d*(:[1-9]\d*)?", instructions("USER")[-1])
    assert not any(
        service.get("privileged") or service.get("user") == "root" for service in COMPOSE["services"].values()
    )


def test_every_image_names_its_version() -> None:
    images = [
        *instructions("FROM"),
        *(service["image"] for service in COMPOSE["services"].values() if "build" not in service),
    ]

    assert images
    assert all(re.search(r":\d", image) and "latest" not in image for image in images)


def test_everything_says_whether_it_is_well() -> None:
    assert "/livez" in instructions("HEALTHCHECK")[0]
    assert COMPOSE["services"]["postgres"]["healthcheck"]["test"]


def test_packages_are_installed_by_hash() -> None:
    assert any("--require-hashes" in command for command in instructions("RUN"))


def test_only_the_gateway_has_a_door_outside() -> None:
    assert [name for name, service in COMPOSE["services"].items() if service.get("ports")] == ["gateway"]


def test_no_password_is_written_down() -> None:
    for service in COMPOSE["services"].values():
        for name, value in service["environment"].items():
            if "PASSWORD" in name or "DATABASE_URL" in name:
                assert "${" in value, name
    assert not re.search(r"(?i)(password|secret|key)=", DOCKERFILE)


def test_each_part_sees_only_its_own_database() -> None:
    urls = {name: COMPOSE["services"][name]["environment"]["A22_SERVICE_DATABASE_URL"] for name in OURS}

    assert all(url.startswith(f"postgresql://{name}_app:") and url.endswith(f"/{name}") for name, url in urls.items())


def test_the_administrators_address_is_known_to_the_setup_alone() -> None:
    knows = [name for name, service in COMPOSE["services"].items() if "A22_DATABASE_URL" in service["environment"]]

    assert knows == ["setup"]


def test_each_part_has_only_its_own_keys_and_reads_the_public_ones() -> None:
    for name in OURS:
        assert COMPOSE["services"][name]["volumes"] == [
            "public_keys:/var/lib/article22/public-keys:ro",
            f"{name}_secrets:/var/lib/article22/secrets/{name}",
            "journal_heads:/var/lib/article22/journal-heads",
        ]


def test_the_gateway_alone_reads_the_identity_providers() -> None:
    readers = {name: service["configs"] for name, service in COMPOSE["services"].items() if "configs" in service}
    [[mounted]] = readers.values()

    assert list(readers) == ["gateway"]
    assert mounted["target"] == COMPOSE["services"]["gateway"]["environment"]["A22_ISSUERS"]
    assert set(COMPOSE["configs"]) == {mounted["source"]}
