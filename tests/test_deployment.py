"""The files of deploy/ and the page about them agree with the kit, and with each other."""

from __future__ import annotations

import configparser
import math
import re
import shlex
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import click
import dask
import pytest
import yaml
from distributed.cli import dask_scheduler, dask_worker

from labkit.cli.main import root_command
from labkit.root import root

DEPLOY = root() / "deploy"
PAGES = tuple(root() / "docs" / name for name in ("cluster.md", "cluster.es.md"))
MANIFESTS = ("kubernetes.yaml", "kubernetes-grade.yaml")


@lru_cache
def compose() -> Any:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))


@lru_cache
def objects() -> dict[str, Any]:
    """Kind, and name where a kind is there more than once -> object."""
    found: dict[str, Any] = {}
    for name in MANIFESTS:
        for one in yaml.safe_load_all((DEPLOY / name).read_text(encoding="utf-8")):
            own = one["metadata"].get("name", "")
            found[f"{one['kind']} {own}" if one["kind"] == "NetworkPolicy" else one["kind"]] = one
    return found


@lru_cache
def container() -> tuple[tuple[str, str], ...]:
    """Instructions of the container file, in order."""
    lines = (DEPLOY / "Containerfile").read_text(encoding="utf-8").splitlines()
    words = (line.partition(" ") for line in lines if line and not line.startswith("#"))
    return tuple((name, rest) for name, _space, rest in words)


def instructions(wanted: str) -> list[str]:
    return [rest for name, rest in container() if name == wanted]


@lru_cache
def settings() -> configparser.ConfigParser:
    parsed = configparser.ConfigParser()
    parsed.read(root() / "setup.cfg", encoding="utf-8")
    return parsed


def pods() -> dict[str, Any]:
    """Specifications of all pods on Kubernetes."""
    dask_cluster = objects()["DaskCluster"]["spec"]
    return {
        "scheduler": dask_cluster["scheduler"]["spec"],
        "worker": dask_cluster["worker"]["spec"],
        "desk": objects()["Pod"]["spec"],
        "coordinator": objects()["Job"]["spec"]["template"]["spec"],
    }


def only_container(pod: Any) -> Any:
    (one,) = pod["containers"]
    return one


def lines_of(page: Path) -> list[str]:
    """Lines of the page's blocks of commands."""
    blocks = re.findall(r"^```\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S)
    return [line for block in blocks for line in block.splitlines()]


def commands() -> Iterator[list[str]]:
    """Every command of the kit and of Dask, in the files and on the pages."""
    for page in PAGES:
        for line in lines_of(page):
            words = shlex.split(line)
            if "coordinator" in words and "run" in words:  # docker compose run … coordinator grade …
                yield ["labkit", *words[words.index("coordinator") + 1 :]]
            elif words[0] in ("labkit", "dask"):
                yield words
    for service in compose()["services"].values():
        if "command" in service:
            yield [*service.get("entrypoint", []), *filled(service["command"])]
    for name in ("scheduler", "worker", "coordinator"):
        yield only_container(pods()[name])["args"]


def filled(words: list[str]) -> list[str]:
    """Words of the compose file with what ``${NAME:-this}`` stands for."""
    return [re.sub(r"\$\{\w+:-(\w+)\}", r"\1", word) for word in words]


def test_the_commands_are_ones_that_the_kit_and_dask_understand() -> None:
    seen = set()
    dasks = {"scheduler": dask_scheduler.main, "worker": dask_worker.main}
    for program, *words in commands():
        known: Any = root_command() if program == "labkit" else click.Group("dask", dasks)
        while isinstance(known, click.Group):
            name, *words = words
            seen.add(f"{program} {name}")
            found = known.get_command(click.Context(known), name)
            assert found, (program, name)
            known = found
        known.make_context(known.name, list(words))  # raises what click says to a wrong option
    assert seen >= {
        "labkit grade",
        "labkit gradebook",
        "labkit doctor",
        "dask scheduler",
        "dask worker",
    }


def test_dask_knows_every_setting_that_is_made() -> None:
    environment = compose()["services"]["scheduler"]["environment"]
    names = {*environment, *(one["name"] for one in only_container(pods()["scheduler"])["env"])}
    for page in PAGES:
        names |= set(re.findall(r"export (\w+)=", page.read_text(encoding="utf-8")))
    assert "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES" in names
    for name in names:
        dask.config.get(name.removeprefix("DASK_").lower().replace("__", "."))  # else KeyError


def test_a_submission_is_set_apart_after_as_many_workers_as_with_local_ones() -> None:
    from labkit.grading.cluster import coordinator

    name, local = "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES", str(coordinator._FAILURES)
    assert compose()["services"]["scheduler"]["environment"][name] == local
    made = {one["name"]: one["value"] for one in only_container(pods()["scheduler"])["env"]}
    assert made[name] == local
    for page in PAGES:
        assert f"export {name}={local}\n" in page.read_text(encoding="utf-8")


def test_the_image_has_a_python_that_the_kit_supports() -> None:
    (image,) = instructions("FROM")
    version = re.fullmatch(r"python:(3\.\d+)-slim-\w+", image)
    assert version
    told = settings()["metadata"]["classifiers"].split("\n")
    assert f"Programming Language :: Python :: {version[1]}" in told


def test_the_image_installs_an_extra_that_has_what_a_cluster_needs() -> None:
    (installs,) = (run for run in instructions("RUN") if "pip" in run)
    extra = re.search(r'"\.\[(\w+)\]"', installs)
    assert extra
    needs = settings()["options.extras_require"][extra[1]]
    assert {"distributed", "fsspec", "psycopg"} <= set(re.findall(r"^[a-z]+", needs, re.M))


def test_the_image_takes_what_the_kit_looks_for_and_no_solutions() -> None:
    taken = {name for copy in instructions("COPY") for name in copy.split()[:-1]}
    assert {"labkit", "labs", "datasets", "setup.cfg", "pyproject.toml", "README.md"} <= taken
    assert all((root() / name).exists() for name in taken)
    assert not taken & {".", "solutions", "tests", "class", "deploy"}


def test_nobody_is_root() -> None:
    assert instructions("USER") == ["1000:1000"]
    for pod in pods().values():
        person = pod["securityContext"]
        assert person["runAsNonRoot"] and f"{person['runAsUser']}:{person['runAsGroup']}" == "1000:1000"
        assert person["seccompProfile"] == {"type": "RuntimeDefault"}
        own = only_container(pod)["securityContext"]
        assert not own["allowPrivilegeEscalation"] and own["capabilities"] == {"drop": ["ALL"]}
        assert not pod["automountServiceAccountToken"]


def test_everybody_runs_the_image_that_the_page_builds() -> None:
    images = {only_container(pod)["image"] for pod in pods().values()}
    services = compose()["services"]
    images |= {services[name]["image"] for name in ("scheduler", "worker", "coordinator")}
    assert images == {"labkit"}
    for page in PAGES:
        assert "docker build --file deploy/Containerfile --tag labkit ." in lines_of(page)


def test_nothing_is_open_to_the_world() -> None:
    for name, service in compose()["services"].items():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", [])), name
    networks = compose()["networks"]
    assert networks["grading"]["internal"] and networks["records"]["internal"]
    assert "records" not in compose()["x-labkit"]["networks"]
    assert objects()["DaskCluster"]["spec"]["scheduler"]["service"]["type"] == "ClusterIP"
    for page in PAGES:
        for line in lines_of(page):
            if line.startswith("dask "):
                assert "--host 10." in line, line


def test_on_kubernetes_whoever_is_not_named_talks_to_nobody() -> None:
    default = objects()["NetworkPolicy nobody"]["spec"]
    assert default["podSelector"] == {} and default["policyTypes"] == ["Ingress", "Egress"]
    assert "ingress" not in default
    assert [port["port"] for rule in default["egress"] for port in rule["ports"]] == [53, 53]
    assert all("to" in rule for rule in objects()["NetworkPolicy worker"]["spec"]["egress"])


def test_ports_agree() -> None:
    dask_cluster = objects()["DaskCluster"]["spec"]["scheduler"]
    opened = {
        one["name"]: one["containerPort"] for one in only_container(dask_cluster["spec"])["ports"]
    }
    served = {one["name"]: one["port"] for one in dask_cluster["service"]["ports"]}
    assert opened == served == {"tcp-comm": 8786, "http-dashboard": 8787}
    reached = {
        port["port"]
        for rule in objects()["NetworkPolicy scheduler"]["spec"]["ingress"]
        for port in rule["ports"]
    }
    assert reached == set(opened.values())
    scheduler = compose()["services"]["scheduler"]
    for words in (scheduler["command"], only_container(dask_cluster["spec"])["args"]):
        assert words[2:] == ["--port", "8786", "--dashboard-address", ":8787"]
    assert scheduler["ports"] == ["127.0.0.1:8787:8787"]


def test_names_agree() -> None:
    name = objects()["DaskCluster"]["metadata"]["name"]
    assert objects()["DaskAutoscaler"]["spec"]["cluster"] == name
    service = objects()["DaskCluster"]["spec"]["scheduler"]["service"]
    assert service["selector"]["dask.org/cluster-name"] == name
    assert f"tcp://{name}-scheduler:8786" in only_container(pods()["coordinator"])["args"]
    claim = objects()["PersistentVolumeClaim"]["metadata"]["name"]
    for pod in (pods()["desk"], pods()["coordinator"]):
        volumes = {one["name"]: one for one in pod["volumes"]}
        assert volumes["course"]["persistentVolumeClaim"]["claimName"] == claim
    label = objects()["Job"]["spec"]["template"]["metadata"]["labels"]
    assert objects()["NetworkPolicy coordinator"]["spec"]["podSelector"]["matchLabels"] == label
    spaces = {one["metadata"].get("namespace") for one in objects().values()} - {None}
    assert spaces == {objects()["Namespace"]["metadata"]["name"]}


def test_a_worker_has_as_many_processors_as_threads() -> None:
    worker = only_container(pods()["worker"])
    threads = worker["args"][worker["args"].index("--nthreads") + 1]
    assert worker["resources"]["requests"]["cpu"] == worker["resources"]["limits"]["cpu"] == threads
    service = compose()["services"]["worker"]
    threads = service["command"][service["command"].index("--nthreads") + 1]
    assert service["deploy"]["resources"]["limits"]["cpus"] == threads


def test_passwords_are_in_no_file() -> None:
    for service in compose()["services"].values():
        for name, value in service.get("environment", {}).items():
            if "PASSWORD" in name:
                assert value.startswith("${POSTGRES_PASSWORD:?")
    for file in (*DEPLOY.iterdir(), *PAGES):
        if file.suffix in (".yaml", ".md"):
            assert not re.search(r"postgresql\S*//\w+:", file.read_text(encoding="utf-8"))


def test_both_pages_have_the_same_commands_and_numbers() -> None:
    english, spanish = PAGES
    assert lines_of(english) == lines_of(spanish)
    assert table_of(english) == table_of(spanish)


def table_of(page: Path) -> list[list[int]]:
    """Machines, cores, minutes, cores of the coordinator."""
    rows = re.findall(
        r"^\| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", page.read_text(encoding="utf-8"), re.M
    )
    return [[int(cell) for cell in row] for row in rows]


def number(pattern: str, text: str) -> float:
    """The number on the page, in either language."""
    found = re.search(pattern, text)
    assert found, pattern
    return float(next(filter(None, found.groups())))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_table_follows_from_the_page_s_own_numbers(page: Path) -> None:
    text = page.read_text(encoding="utf-8").replace(",", ".").replace("\n", " ")
    seconds = number(r"(\d\.\d) seconds of a core|ocupa un núcleo (\d\.\d) s", text)
    efficiency = number(r"; (0\.\d+) (?:is the efficiency|es la eficiencia)", text)
    report = number(r" (0\.\d+) s (?:of each submission|por entrega)", text)
    assert len(table_of(page)) == 6
    for machines, cores, minutes, own in table_of(page):
        assert cores == 4 * machines
        takes = 10_000 * seconds / (60 * cores * efficiency)
        assert minutes == round(takes)
        assert own == 2 * math.ceil(10_000 * report / 60 / takes) <= 16
    hours = number(r"(\d+) (?:core hours|horas de núcleo)", text)
    assert hours == round(10_000 * seconds / efficiency / 3600)
