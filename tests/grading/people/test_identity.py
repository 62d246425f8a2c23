"""Whose a submission is, told from folders as Canvas, Moodle and people leave them."""

from __future__ import annotations

import os
import tempfile
import unicodedata
from datetime import datetime, timezone
from pathlib import Path

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from labkit.errors import UsageError
from labkit.grading.gradebook.records import Student
from labkit.grading.people.columns import fold
from labkit.grading.people.identity import Collection, collect, folder_name
from labkit.grading.people.roster import Roster

JOSE = Student("jgarcia", "García Pérez, José", canvas_id="11", moodle_id="501")
ANA = Student("ana01", "Ana Núñez", canvas_id="12", moodle_id="502")
CLASS = Roster((JOSE, ANA))


@pytest.fixture
def submissions(tmp_path: Path):
    """Make files, and folders where a name ends in ``/``, and collect them."""

    def make(*names: str, pattern: str | None = None, roster: Roster | None = None) -> Collection:
        source = tmp_path / "submissions"
        for name in names:
            path = source / name
            if name.endswith("/"):
                path.mkdir(parents=True)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text("x")
        return collect(source, pattern=pattern, roster=roster)

    return make


def keys(found: Collection) -> list[str]:
    return [entry.student.key for entry in found.entries]


def files(found: Collection) -> dict[str, list[str]]:
    return {entry.student.key: [path.name for path in entry.paths] for entry in found.entries}


def strays(found: Collection) -> dict[str, str]:
    return {stray.path.name: str(stray.reason) for stray in found.strays}


def test_a_name_without_its_ending_is_the_key(submissions):
    found = submissions("b.py", "ana.tar.gz", "c.v2.zip", "luis.soto/mnist.py", "d.ipynb", "e")
    assert keys(found) == ["ana", "b", "c.v2", "d", "e", "luis.soto"]
    assert not found.strays


def test_what_systems_leave_behind_is_passed_over(submissions):
    found = submissions(
        "ana.py", ".DS_Store", ".git/x", "__MACOSX/._ana.py", "Thumbs.db", "desktop.ini"
    )
    assert keys(found) == ["ana"]
    assert not found.strays


def test_links_are_not_followed(submissions, tmp_path):
    (tmp_path / "submissions").mkdir()
    (tmp_path / "secret").mkdir()
    try:
        (tmp_path / "submissions" / "ana").symlink_to(tmp_path / "secret", target_is_directory=True)
    except OSError:
        pytest.skip("this system makes no links")
    found = submissions("bea.py")
    assert keys(found) == ["bea"]
    assert strays(found) == {"ana": "It is a link, and links are not followed."}


def test_a_pipe_is_no_submission(submissions, tmp_path):
    if not hasattr(os, "mkfifo"):
        pytest.skip("this system has no pipes")
    (tmp_path / "submissions").mkdir()
    os.mkfifo(tmp_path / "submissions" / "ana.py")
    assert strays(submissions()) == {"ana.py": "It is neither a file nor a folder."}


@pytest.mark.parametrize(
    "names", [("ana.py", "ana.zip"), ("ana.py", "Ana.zip"), ("jos\u00e9.py", "jose\u0301.zip")]
)
def test_of_two_submissions_of_one_student_none_is_guessed(submissions, names):
    found = submissions(*names, "bea.py")
    assert keys(found) == ["bea"]
    assert len(found.strays) == 2
    assert all("There are two submissions of" in reason for reason in strays(found).values())


def test_two_names_of_one_student_of_the_roster_are_two_submissions(submissions):
    found = submissions("ana01.py", "Ana Núñez.py", roster=CLASS)
    assert strays(found) == dict.fromkeys(
        ("ana01.py", "Ana Núñez.py"), "There are two submissions of Ana Núñez; leave one."
    )


def test_with_a_roster_a_name_is_looked_up(submissions):
    found = submissions("JGARCIA.py", "nunez ana.py", roster=CLASS)
    assert [entry.student for entry in found.entries] == [ANA, JOSE]
    assert not found.unknown


def test_who_is_not_in_the_roster_is_graded_and_named(submissions):
    found = submissions("ana01.py", "pedro.py", roster=CLASS)
    assert keys(found) == ["ana01", "pedro"]
    assert [entry.student for entry in found.unknown] == [Student("pedro")]


def test_canvas_files_of_one_student_are_one_entry(submissions):
    found = submissions(
        "garciajose_11_901_mnist.py",
        "garciajose_11_902_notes.txt",
        "nunezana_LATE_12_903_mnist-2.py",
    )
    assert files(found) == {
        "garciajose_11": ["garciajose_11_901_mnist.py", "garciajose_11_902_notes.txt"],
        "nunezana_12": ["nunezana_LATE_12_903_mnist-2.py"],
    }
    assert [entry.late for entry in found.entries] == [False, True]
    assert found.entries[0].student == Student("garciajose_11", "garciajose", canvas_id="11")


@pytest.mark.parametrize("user", ["11", "999"])
def test_canvas_students_are_known_by_number_or_by_name(submissions, user):
    found = submissions(f"garcíapérezjosé_{user}_901_mnist.py", roster=CLASS)
    assert found.entries[0].student == JOSE


def test_a_date_in_a_name_is_not_canvas(submissions):
    assert keys(submissions("2026_11_21_ana.py", "2026_11_21_bea.py")) == [
        "2026_11_21_ana",
        "2026_11_21_bea",
    ]


def test_of_the_versions_canvas_numbers_the_last_counts(submissions):
    found = submissions(
        "garciajose_11_901_mnist.py",
        "garciajose_11_902_mnist-1.py",
        "garciajose_11_903_Mnist-10.py",
        "garciajose_11_904_extra.py",
    )
    assert files(found) == {
        "garciajose_11": ["garciajose_11_903_Mnist-10.py", "garciajose_11_904_extra.py"]
    }
    assert all("A later version is there" in reason for reason in strays(found).values())
    assert set(strays(found)) == {"garciajose_11_901_mnist.py", "garciajose_11_902_mnist-1.py"}


def test_of_one_name_twice_the_later_upload_counts(submissions):
    found = submissions("garciajose_11_99_mnist.py", "garciajose_11_100_mnist.py")
    assert files(found) == {"garciajose_11": ["garciajose_11_100_mnist.py"]}


@pytest.mark.parametrize(
    "name",
    ["anon_HkR2v_LATE_678901_file.py", "LATE_anon_HkR2v_678901_file.py", "LATE_anon_HkR2v_67_8_9_f.py"],
)
def test_canvas_without_names_goes_by_what_it_gives(submissions, name):
    (entry,) = submissions(name).entries
    assert entry.student == Student("anon_HkR2v")
    assert entry.late


@pytest.mark.parametrize(
    "name",
    [
        "garciajose_11_text.html",
        "garciajose_LATE_11_link.html",
        "anon_HkR2v_text.html",
        "Ana Núñez_502_assignsubmission_onlinetext_/",
        "Ana Núñez_502_assignsubmission_onlinetext_x.html",
    ],
)
def test_texts_typed_in_a_box_are_no_submissions(submissions, name):
    found = submissions(name)
    assert not found.entries
    assert "typed in a box" in strays(found)[name.rstrip("/")]


@pytest.mark.parametrize(
    "name",
    [
        "Ana Núñez_502_assignsubmission_file_/mnist.py",
        "Ana Núñez_502_assignsubmission_file/mnist.py",
        "Ana Núñez_502_assignsubmission_file_my_mnist_3.py",
        "G1-Ana Núñez_999_assignsubmission_file_mnist.py",
        "Participant_502_assignsubmission_file_mnist.py",
    ],
)
def test_moodle_students_are_known_by_number_or_by_name(submissions, name):
    assert [entry.student for entry in submissions(name, roster=CLASS).entries] == [ANA]


def test_moodle_names_are_keys_without_a_roster(submissions):
    found = submissions(
        "Ana Núñez_7_assignsubmission_file_a.py", "Ana Núñez_7_assignsubmission_file_b.py"
    )
    (entry,) = found.entries
    assert entry.student == Student("Ana Núñez", "Ana Núñez", moodle_id="7")
    assert len(entry.paths) == 2


def test_two_people_of_one_name_stay_two(submissions):
    found = submissions(
        "Ana Núñez_7_assignsubmission_file_/a.py", "Ana Núñez_8_assignsubmission_file_/a.py"
    )
    assert keys(found) == ["Ana Núñez 7", "Ana Núñez 8"]


def test_a_pattern_finds_the_student_in_a_name(submissions):
    found = submissions("Lab2-ana_v3.py", "lab2-bea_.py", "notes.txt", pattern="lab2-{student}_{*}")
    assert keys(found) == ["ana", "bea"]
    assert strays(found) == {"notes.txt": "Its name does not fit the pattern."}


def test_a_pattern_may_name_the_ending(submissions):
    assert keys(submissions("ana.py", "bea.zip", pattern="{student}.py")) == ["ana"]


def test_a_pattern_with_folders_looks_into_them(submissions):
    found = submissions("A/ana.py", "A/bea/x.py", "B/carl.py", "README", pattern="{section}/{student}")
    assert {entry.student.key: entry.student.section for entry in found.entries} == {
        "ana": "A",
        "bea": "A",
        "carl": "B",
    }
    assert set(strays(found)) == {"README"}


def test_an_empty_folder_on_the_way_is_a_stray(submissions):
    assert strays(submissions("A/", pattern="{section}/{student}")) == {
        "A": "There is nothing in this folder."
    }


def test_a_pattern_may_tell_the_name(submissions):
    found = submissions("Ana Núñez - lab2.py", pattern="{name} - {*}", roster=CLASS)
    assert [entry.student for entry in found.entries] == [ANA]


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "{*}",
        "lab2",
        "{section}",
        "{student",
        "student}",
        "{stud}",
        "{student}{name}",
        "{student}{*}",
        "{student}_{student}",
        "/{student}",
        "../{student}",
        "{student}/",
        "a\\{student}",
    ],
)
def test_a_bad_pattern_is_refused(tmp_path, pattern):
    with pytest.raises(UsageError, match="is no pattern of names"):
        collect(tmp_path, pattern=pattern)


def test_no_folder_is_refused(tmp_path):
    with pytest.raises(UsageError, match="There is no folder"):
        collect(tmp_path / "nowhere")


def test_the_newest_file_tells_when(submissions, tmp_path):
    for name, time in (("ana/a.py", 1_000_000_000), ("ana/b/c.py", 1_100_000_000)):
        path = tmp_path / "submissions" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
        os.utime(path, (time, time))
    found = submissions("empty/")
    when = datetime.fromtimestamp(1_100_000_000, timezone.utc)
    assert [entry.submitted for entry in found.entries] == [when, None]


def test_names_that_are_not_utf8_are_read_as_windows_wrote_them(submissions, tmp_path):
    (tmp_path / "submissions").mkdir()
    try:
        (tmp_path / "submissions" / os.fsdecode(b"Jos\xe9.py")).write_text("x")
    except (OSError, UnicodeError):
        pytest.skip("this system takes no such name")
    assert keys(submissions()) == ["José"]


NAMES = st.one_of(
    st.from_regex(r"[a-cA-C ._-]{1,8}(\.py|\.zip|\.tar\.gz)?", fullmatch=True),
    st.from_regex(r"[ab]{1,2}_(LATE_)?[12]_[1-9]_[xy](-[12])?\.py", fullmatch=True),
    st.from_regex(r"(LATE_)?anon_[ab]_[12]_x(-1)?\.py", fullmatch=True),
    st.from_regex(r"[AB]_[12]_assignsubmission_(file|onlinetext)_(x\.py)?", fullmatch=True),
    st.sampled_from(["__MACOSX", ".DS_Store", "Thumbs.db", "a_1_text.html", "\u200b.py", "ñ.py"]),
)


@settings(deadline=None, max_examples=150)
@given(
    st.lists(st.tuples(NAMES, st.booleans()), max_size=10),
    st.sampled_from([None, "{student}_{*}", "{section}/{student}"]),
    st.sampled_from([None, CLASS]),
)
def test_no_file_is_ever_lost(children, pattern, roster):
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder)
        for name, is_folder in children:
            assume(name.strip(" .") and name[-1] not in " .")
            path = source / name
            if is_folder and not path.exists():
                path.mkdir()
                (path / "x.py").write_text("x")
            elif not path.exists():
                path.write_text("x")
        found = collect(source, pattern=pattern, roster=roster)
        seen = [path for entry in found.entries for path in entry.paths]
        seen += [stray.path for stray in found.strays]
        assert len(seen) == len(set(seen))
        ignored = ("__macosx", "thumbs.db", "desktop.ini")
        wanted = {
            path.name
            for path in source.iterdir()
            if not path.name.startswith(".") and path.name.casefold() not in ignored
        }
        assert {path.relative_to(source).parts[0] for path in seen} == wanted
    order = [fold(entry.student.key) for entry in found.entries]
    assert order == sorted(set(order))
    assert all(entry.student.key for entry in found.entries)


KEYS = st.one_of(
    st.text(max_size=100),
    st.text(st.sampled_from("aA/\\:. -_\u0301é0"), max_size=8),
    st.sampled_from(["CON", "nul.txt", "com1", "LPT9.a.b", "..", "-rf", "~", "a" * 81, "🙂" * 80]),
)
RESERVED = {"con", "prn", "aux", "nul"} | {
    f"{device}{n}" for device in ("com", "lpt") for n in range(10)
}


@given(KEYS)
@example("- 0")
@example("-con.txt")
def test_folder_names_are_safe_on_every_system(key):
    name = folder_name(key)
    assert 0 < len(name) <= 80
    assert len(name.encode("utf-8")) <= 255
    assert unicodedata.is_normalized("NFC", name)
    assert not set(name) & set('<>:"/\\|?*\0~')
    assert name.isprintable()
    assert name[0] not in " .-"
    assert name[-1] not in " ."
    assert name.partition(".")[0].strip().casefold() not in RESERVED


@given(KEYS, KEYS)
def test_other_keys_have_other_folders_even_where_case_is_lost(one, two):
    assume(fold(one) != fold(two))
    assert fold(folder_name(one)) != fold(folder_name(two))


def test_a_key_that_looks_like_a_changed_one_is_changed():
    changed = folder_name("a/b")
    assert folder_name(changed) != changed


@pytest.mark.parametrize("key", ["ana01", "García Pérez, José", "ana@uni.es", "Ana Núñez 7"])
def test_plain_keys_keep_their_name_in_front(key):
    assert folder_name(key).startswith(key.split(",")[0])


def test_a_plain_key_stays_as_it_is():
    assert folder_name("jose\u0301.garcia-2@uni.es") == "josé.garcia-2@uni.es"
