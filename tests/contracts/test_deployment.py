"""What lies ready for Docker Compose and Kubernetes fits the image and the service."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from app.commands.serve import GRACE_SECONDS
from app.settings import Settings
from tests.api.contract import document

ROOT: Final = Path(__file__).parents[2]
KUBERNETES: Final = ROOT / "deploy/kubernetes"
DOCKERFILE: Final = (ROOT / "Dockerfile").read_text()
VARIABLES: Final = {f"CROSSDRILL_{name.upper()}" for name in Settings.model_fields}


@cache
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
    return found


@cache
def kubernetes(kind: str) -> dict[str, Any]:
    """Return the one object of a kind."""
    objects = [yaml.safe_load(path.read_text()) for path in KUBERNETES.glob("*.yaml")]
    [found] = [each for each in objects if each["kind"] == kind]
    return dict(found)


def pod() -> dict[str, Any]:
    return dict(kubernetes("Deployment")["spec"]["template"]["spec"])


def containers() -> list[dict[str, Any]]:
    return [*pod()["initContainers"], *pod()["containers"]]


def exposed() -> int:
    """Return the port that the image serves on."""
    return int(re.findall(r"^EXPOSE (\d+)$", DOCKERFILE, re.MULTILINE)[0])


def seconds(duration: str) -> int:
    assert duration.endswith("s")
    return int(duration[:-1])


def test_compose_sets_what_there_is_to_set() -> None:
    service = compose()["services"]["crossdrill"]
    given = dict(service["environment"])
    assert given.keys() <= VARIABLES
    assert {name.upper() for name in service["secrets"]} <= VARIABLES


def test_the_settings_of_compose_and_the_cluster_are_accepted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "crossdrill_database_url").write_text(kubernetes("Secret")["stringData"]["crossdrill_database_url"])
    [cluster] = kubernetes("Kustomization")["configMapGenerator"]
    for given in (compose()["services"]["crossdrill"]["environment"], dict(each.split("=", 1) for each in cluster["literals"])):
        for name, value in [*re.findall(r"(CROSSDRILL_\w+)=(\S+)", DOCKERFILE), *given.items()]:
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("CROSSDRILL_SECRETS_DIR", str(tmp_path))
        assert Settings().database_url.startswith("postgresql://crossdrill:")
        assert Settings().port == exposed()


def test_compose_reads_the_secrets_where_it_is_told() -> None:
    assert compose()["services"]["crossdrill"]["environment"]["CROSSDRILL_SECRETS_DIR"] == "/run/secrets"
    named = {name for service in compose()["services"].values() for name in service.get("secrets", [])}
    assert named == compose()["secrets"].keys()
    [password] = compose()["services"]["postgres"]["secrets"]
    assert compose()["services"]["postgres"]["environment"]["POSTGRES_PASSWORD_FILE"] == f"/run/secrets/{password}"


def test_compose_confines_the_service() -> None:
    service = compose()["services"]["crossdrill"]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["ports"] == [f"127.0.0.1:8000:{exposed()}"]
    assert seconds(service["stop_grace_period"]) > GRACE_SECONDS


def test_compose_starts_the_service_after_what_it_needs() -> None:
    services = compose()["services"]
    needed = services["crossdrill"]["depends_on"]
    assert needed.keys() == services.keys() - {"crossdrill"}
    assert all(
        condition == {"condition": "service_healthy"} and "healthcheck" in services[name] for name, condition in needed.items()
    )


def test_compose_declares_its_volumes() -> None:
    used = {volume.partition(":")[0] for service in compose()["services"].values() for volume in service.get("volumes", [])}
    assert used == compose()["volumes"].keys()


def test_no_secret_is_in_the_repository() -> None:
    ignored = (ROOT / ".gitignore").read_text().splitlines()
    assert "/secrets/" in ignored
    assert all(file["file"].startswith("./secrets/") for file in compose()["secrets"].values())
    urls = kubernetes("Secret")["stringData"].values()
    assert all(re.search(r":PASSWORD@[\w.]+\.example\.org", url) for url in urls)


def test_the_cluster_sets_what_there_is_to_set() -> None:
    [settings] = kubernetes("Kustomization")["configMapGenerator"]
    given = dict(literal.split("=", 1) for literal in settings["literals"])
    assert given.keys() <= VARIABLES
    assert {key.upper() for key in kubernetes("Secret")["stringData"]} <= VARIABLES
    for each in containers():
        assert each["envFrom"] == [{"configMapRef": {"name": settings["name"]}}]
        mounted = {mount["name"]: mount["mountPath"] for mount in each["volumeMounts"]}
        assert mounted["secrets"] == given["CROSSDRILL_SECRETS_DIR"]


def test_no_service_of_the_cluster_sets_anything_by_its_name() -> None:
    assert pod()["enableServiceLinks"] is False


def test_the_probes_ask_for_what_answers() -> None:
    [server] = pod()["containers"]
    paths = {name: server[f"{name}Probe"]["httpGet"]["path"] for name in ("startup", "liveness", "readiness")}
    assert paths == {"startup": "/livez", "liveness": "/livez", "readiness": "/readyz"}
    assert set(paths.values()) <= document()["paths"].keys()
    assert server["ports"] == [{"name": "http", "containerPort": exposed()}]


def test_a_replica_has_time_to_end_what_it_does() -> None:
    [server] = pod()["containers"]
    _, wait = server["lifecycle"]["preStop"]["exec"]["command"]
    assert pod()["terminationGracePeriodSeconds"] > int(wait) + GRACE_SECONDS


@pytest.mark.parametrize("number", [0, 1])
def test_a_pod_is_as_confined_as_the_namespace_asks(number: int) -> None:
    assert kubernetes("Namespace")["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    user = int(re.findall(r"^USER (\d+):", DOCKERFILE, re.MULTILINE)[0])
    assert pod()["securityContext"].items() >= {"runAsNonRoot": True, "runAsUser": user, "fsGroup": user}.items()
    assert pod()["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert containers()[number]["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }


def test_the_objects_of_the_cluster_fit_together() -> None:
    labels = kubernetes("Deployment")["spec"]["template"]["metadata"]["labels"]
    assert kubernetes("Service")["spec"]["selector"] == labels
    assert kubernetes("PodDisruptionBudget")["spec"]["selector"]["matchLabels"] == labels
    [rule] = kubernetes("Ingress")["spec"]["rules"]
    backend = rule["http"]["paths"][0]["backend"]["service"]
    [port] = kubernetes("Service")["spec"]["ports"]
    assert (backend["name"], backend["port"]["name"]) == (kubernetes("Service")["metadata"]["name"], port["name"])
    declared = {volume["name"] for volume in pod()["volumes"]}
    assert all({mount["name"] for mount in each["volumeMounts"]} == declared for each in containers())


def test_everything_is_applied_but_the_example_of_a_secret() -> None:
    there = {path.name for path in KUBERNETES.glob("*.yaml")}
    assert set(kubernetes("Kustomization")["resources"]) == there - {"kustomization.yaml", "secret.example.yaml"}
    [image] = kubernetes("Kustomization")["images"]
    assert {each["image"] for each in containers()} == {image["name"]}


@pytest.mark.parametrize("name", ["docs/deployment.md", "SECURITY.md"])
def test_what_is_written_names_variables_and_files_that_there_are(name: str) -> None:
    text = (ROOT / name).read_text()
    assert set(re.findall(r"CROSSDRILL_\w+", text)) <= VARIABLES
    links = re.findall(r"\]\(([^):]+)\)", text)
    paths = re.findall(r"`((?:deploy|docs)/\w+|compose\.yaml|kustomization\.yaml|ingress\.yaml|[\w-]+\.lock)`", text)
    known = [ROOT, (ROOT / name).parent, KUBERNETES]
    assert [path for path in [*links, *paths] if not any((folder / path).exists() for folder in known)] == []
