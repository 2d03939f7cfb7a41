"""docker-compose.yml and the Dockerfile: readable, and of the same parts as the demo."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from ops.folders import ROOT
from ops.programs import list_programs
from pipeline.queues import Queue


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    return found


def _queues(argv: list[str] | tuple[str, ...]) -> list[str]:
    return argv[argv.index("--queues") + 1].split(",") if "--queues" in argv else []


def test_each_queue_has_one_container_of_its_own(services: dict[str, Any]) -> None:
    served = [_queues(service["command"]) for service in services.values() if "worker" in str(service.get("command"))]
    assert sorted(name for queues in served for name in queues) == sorted(queue.value for queue in Queue)
    assert all(len(queues) == 1 for queues in served)


def test_the_demo_serves_every_queue_once() -> None:
    programs = list_programs(host="127.0.0.1", port=8000)
    served = [name for program in programs for name in _queues(program.argv)]
    assert sorted(served) == sorted(queue.value for queue in Queue)


@pytest.mark.parametrize("name", ["database", "broker", "web", "beat", "cameras", "prepare"])
def test_the_other_parts_are_there(services: dict[str, Any], name: str) -> None:
    assert name in services


@pytest.mark.parametrize("name", ["database", "broker", "web"])
def test_what_others_wait_for_has_a_health_check(services: dict[str, Any], name: str) -> None:
    assert services[name]["healthcheck"]["test"]


def test_every_build_target_exists(services: dict[str, Any]) -> None:
    targets = set(re.findall(r"^FROM \S+ AS (\S+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE))
    wanted = {service["build"]["target"] for service in services.values() if "build" in service}
    assert wanted == {"web", "worker"} <= targets


def test_no_secret_is_written_down(services: dict[str, Any]) -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    assert set(re.findall(r"\$\{(\w+):\?", text)) == {"DATABASE_PASSWORD", "BROKER_PASSWORD"}
    example = dict(line.split("=", 1) for line in (ROOT / ".env.example").read_text().splitlines() if "=" in line[:30])
    assert not any(example[name] for name in ("SECRET_KEY", "VAULT_KEY", "DATABASE_PASSWORD", "BROKER_PASSWORD"))


def test_the_images_install_the_list_without_torch() -> None:
    named = set(re.findall(r"requirements/(\w+)\.txt", (ROOT / "Dockerfile").read_text()))
    packages = (ROOT / "requirements" / "base.txt").read_text()
    assert named == {"base"}
    assert not re.search(r"^torch", packages, re.MULTILINE)


def test_the_lock_of_the_browser_libraries_names_no_host() -> None:
    assert "resolved" not in (ROOT / "web" / "package-lock.json").read_text()
