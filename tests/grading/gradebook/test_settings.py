"""``class.toml``, as the kit makes it and as instructors write it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from labkit.errors import StorageError, UsageError
from labkit.grading.gradebook.policy import Policy
from labkit.grading.gradebook.settings import Settings, load

COLOMBIA = "COT5"


def written(folder: Path, text: str) -> Settings:
    """The settings that this text makes."""
    (folder / "class.toml").write_text(text, encoding="utf-8")
    return load(folder)


def lab2(folder: Path, rules: str) -> Policy:
    """The rules of lab 2 that these lines make."""
    return written(folder, f"[class]\nseed = 1\n[lab2]\n{rules}\n").policy("lab2")


def test_a_new_class_gets_a_seed_of_its_own_and_keeps_it(tmp_path: Path) -> None:
    one, other = tmp_path / "a" / "deep", tmp_path / "b"
    assert load(one).seed == load(one).seed != load(other).seed
    assert load(one) == Settings(seed=load(one).seed)
    assert [path.name for path in one.iterdir()] == ["class.toml"]


@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
def test_a_new_class_is_for_its_owner_alone(tmp_path: Path) -> None:
    load(tmp_path)
    assert (tmp_path / "class.toml").stat().st_mode & 0o777 == 0o600


def test_the_settings_that_are_shown_as_examples_can_be_used(tmp_path: Path) -> None:
    load(tmp_path)
    text = (tmp_path / "class.toml").read_text(encoding="utf-8")
    lines = [
        line.removeprefix("# ") if " = " in line or "[lab" in line else line
        for line in text.splitlines()
    ]
    settings = written(tmp_path, "\n".join(lines))
    assert settings.title
    assert settings.pattern == "{section}/{student}_{*}"
    assert settings.roster == tmp_path / "roster.csv"
    assert settings.policy("lab2").late == 0.1


def test_threads_that_begin_at_once_agree_on_one_seed(tmp_path: Path) -> None:
    for number in range(20):
        seeds: list[int] = []
        barrier = threading.Barrier(4)

        def begin(
            folder: Path = tmp_path / str(number),
            seeds: list[int] = seeds,
            barrier: threading.Barrier = barrier,
        ) -> None:
            barrier.wait()
            seeds.append(load(folder).seed)

        threads = [threading.Thread(target=begin) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(seeds) == 4
        assert len(set(seeds)) == 1
        assert [path.name for path in (tmp_path / str(number)).iterdir()] == ["class.toml"]


def test_processes_that_begin_at_once_agree_on_one_seed(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from labkit.grading.gradebook.settings import load\n"
        "print('ready', flush=True); sys.stdin.readline(); print(load(Path(sys.argv[1])).seed)"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "class")]
    pipe = subprocess.PIPE
    processes = [subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) for _ in range(2)]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    seeds = {process.communicate()[0] for process in processes}
    assert seeds == {f"{load(tmp_path / 'class').seed}\n"}


def test_settings_that_are_there_are_never_written(tmp_path: Path) -> None:
    text = "# mine\n[class]\nseed = 3\n"
    assert written(tmp_path, text).seed == 3
    assert (tmp_path / "class.toml").read_text(encoding="utf-8") == text


def test_everything_that_can_be_set(tmp_path: Path) -> None:
    settings = written(
        tmp_path,
        """
        lab1 = {keep = "latest", bonus = false}
        [class]
        seed = 5
        title = "Redes neuronales ñ"
        pattern = "{student}_{*}"
        roster = "lists/roster.csv"
        [lab2]
        due = 2026-11-30T23:59:00Z
        late = 0.25
        last_day = 5
        """,
    )
    assert settings.title == "Redes neuronales ñ"
    assert settings.pattern == "{student}_{*}"
    assert settings.roster == tmp_path / "lists" / "roster.csv"
    due = datetime(2026, 11, 30, 23, 59, tzinfo=timezone.utc)
    assert settings.policy("lab1") == Policy(keep="latest", bonus=False)
    assert settings.policy("lab2") == Policy(due=due, late=0.25, last_day=5)
    assert settings.policy("lab3") == Policy()


def test_a_roster_elsewhere_stays_where_it_is(tmp_path: Path) -> None:
    elsewhere = (tmp_path / "other" / "roster.csv").absolute()
    settings = written(tmp_path, f"[class]\nseed = 1\nroster = '{elsewhere}'\n")
    assert settings.roster == elsewhere


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-11-30T23:59:00", "2026-12-01T04:59:00"),
        ("2026-11-30 23:59:00", "2026-12-01T04:59:00"),
        ("2026-11-30", "2026-12-01T04:59:59"),
        ("2026-11-30T23:59:00Z", "2026-11-30T23:59:00"),
        ("2026-11-30T23:59:00+01:00", "2026-11-30T22:59:00"),
        ("2026-11-30T23:59:00.5-05:00", "2026-12-01T04:59:00.500000"),
    ],
)
def test_a_deadline_without_a_zone_is_in_the_machines(
    zone: Callable[[str], None], tmp_path: Path, written: str, meant: str
) -> None:
    zone(COLOMBIA)
    due = lab2(tmp_path, f"due = {written}").due
    assert due is not None
    assert due.astimezone(timezone.utc).replace(tzinfo=None).isoformat() == meant


def test_a_deadline_is_shown_as_it_was_written(zone: Callable[[str], None], tmp_path: Path) -> None:
    zone(COLOMBIA)
    due = lab2(tmp_path, "due = 2026-11-30T23:59:00").due
    assert due is not None
    assert due.isoformat() == "2026-11-30T23:59:00-05:00"
    assert due.tzname() == "COT"
    assert due + timedelta(days=1) > due


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_whatever_an_editor_adds_is_no_harm(tmp_path: Path, encoding: str, ends: str) -> None:
    text = '[class]\nseed = 9\ntitle = "Señales"\n'.replace("\n", ends)
    (tmp_path / "class.toml").write_bytes(text.encode(encoding))
    assert (load(tmp_path).seed, load(tmp_path).title) == (9, "Señales")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("seed 5", "it is no TOML"),
        ("", "[class] has no seed"),
        ("[class]\ntitle = 'x'", "[class] has no seed"),
        ("class = 5", "class stands outside every table"),
        ("seed = 5", "seed stands outside every table"),
        ("[class]\nseed = -1", "the seed is no whole number from 0"),
        ("[class]\nseed = 9223372036854775808", "the seed is no whole number from 0"),
        ("[class]\nseed = 'five'", "seed in [class] cannot be five"),
        ("[class]\nseed = true", "seed in [class] cannot be True"),
        ("[class]\nseed = 5.0", "seed in [class] cannot be 5.0"),
        ("[class]\nseeds = 5", "[class] has no seeds; there are seed, title, pattern, roster"),
        ("[class]\nseed = 5\nroster = 3", "roster in [class] cannot be 3"),
        ("[class]\nseed = 5\n[mnist]\nlate = 0.1", "[mnist] is neither class nor a lab such as lab2"),
        ("[class]\nseed = 5\n[lab02]", "[lab02] is neither class nor a lab such as lab2"),
        ("[class]\nseed = 5\n[Lab2]", "[Lab2] is neither class nor a lab such as lab2"),
        ("[class]\nseed = 5\n[[lab2]]", "lab2 stands outside every table"),
        ("[class]\nseed = 5\n[class.lab2]\nlate = 0.1", "[class] has no lab2"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(UsageError) as caught:
        written(tmp_path, text)
    assert words in str(caught.value)
    assert "class.toml" in str(caught.value)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("deadline = 2026-11-30", "[lab2] has no deadline; there are due, late"),
        ("due = '2026-11-30'", "due in [lab2] cannot be 2026-11-30"),
        ("due = 23:59:00", "due in [lab2] cannot be 23:59:00"),
        ("late = '10%'", "late in [lab2] cannot be 10%"),
        ("late = true", "late in [lab2] cannot be True"),
        ("late = 10", "late in [lab2] is no share from 0 to 1"),
        ("late = -0.1", "late in [lab2] is no share from 0 to 1"),
        ("late = nan", "late in [lab2] is no share from 0 to 1"),
        ("last_day = -1", "last_day in [lab2] is no number of days"),
        ("last_day = nan", "last_day in [lab2] is no number of days"),
        ("keep = 'first'", "keep in [lab2] is neither best nor latest"),
        ("keep = ['best']", "keep in [lab2] cannot be"),
        ("bonus = 1", "bonus in [lab2] cannot be 1"),
    ],
)
def test_what_is_wrong_in_the_rules_of_a_lab_is_named(tmp_path: Path, rule: str, words: str) -> None:
    with pytest.raises(UsageError) as caught:
        lab2(tmp_path, rule)
    assert words in str(caught.value)


def test_a_deadline_at_the_end_of_time_is_no_fault_of_the_kits(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="due in"):
        lab2(tmp_path, "due = 0001-01-01")


def test_what_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "class.toml").write_bytes("[class]\nseed = 5\n".encode("utf-16"))
    with pytest.raises(UsageError, match="it is no TOML"):
        load(tmp_path)


def test_a_class_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot be written"):
        load(tmp_path / "file" / "class")


def test_a_folder_in_place_of_the_settings_is_said(tmp_path: Path) -> None:
    (tmp_path / "class.toml").mkdir()
    with pytest.raises(StorageError, match="cannot be read"):
        load(tmp_path)
