from __future__ import annotations

import hashlib
import os
import shutil
import time

import pytest

from labkit import data
from labkit.errors import DataDamaged, DataMissing, StorageError, UsageError


def _labels_are_right() -> bool:
    values = data.open_array(data.path("mnist", "y_test"))
    return hashlib.sha256(values.tobytes()).hexdigest() == (
        data.describe("mnist").arrays["y_test"].sha256
    )


def test_the_folder_is_chosen_by_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("LABKIT_CACHE", str(tmp_path))
    assert data.cache_folder() == tmp_path


def test_without_a_choice_it_is_a_folder_of_the_user_s(monkeypatch):
    monkeypatch.delenv("LABKIT_CACHE", raising=False)
    assert "labkit" in data.cache_folder().parts


def test_first_use_unpacks_and_leaves_one_file(kit, cache):
    assert _labels_are_right()
    assert [file.suffix for file in cache.iterdir()] == [".npy"]


def test_second_use_takes_the_file_that_is_there(kit, cache):
    first = data.path("mnist", "y_test")
    (kit / "datasets/mnist/y_test.xz").unlink()
    assert data.path("mnist", "y_test") == first


def test_an_unknown_array_is_answered_with_the_known_ones(kit):
    with pytest.raises(UsageError, match=r"no array called z.*y_train, y_test"):
        data.path("mnist", "z")


def _truncate(file):
    os.truncate(file, file.stat().st_size - 100)


def _lengthen(file):
    with file.open("ab") as stream:
        stream.write(b"0")


def _spoil_header(file):
    content = bytearray(file.read_bytes())
    content[20] ^= 0xFF
    file.write_bytes(content)


def _empty(file):
    file.write_bytes(b"")


@pytest.mark.parametrize("harm", [_truncate, _lengthen, _spoil_header, _empty])
def test_a_damaged_cache_file_is_noticed_and_rebuilt(kit, harm):
    file = data.path("mnist", "y_test")
    content = file.read_bytes()
    harm(file)
    assert data.path("mnist", "y_test").read_bytes() == content


def test_a_missing_compressed_file_is_named(kit):
    (kit / "datasets/mnist/y_test.xz").unlink()
    with pytest.raises(DataMissing, match=r"mnist/y_test\.xz is missing"):
        data.path("mnist", "y_test")


@pytest.mark.parametrize("harm", [_truncate, _spoil_header, _empty])
def test_a_damaged_compressed_file_is_named_and_nothing_stays_in_the_cache(kit, cache, harm):
    harm(kit / "datasets/mnist/y_test.xz")
    with pytest.raises(DataDamaged, match=r"mnist/y_test\.xz is damaged"):
        data.path("mnist", "y_test")
    assert list(cache.iterdir()) == []


def test_sound_xz_of_other_content_is_refused_by_its_digest(kit, cache):
    shutil.copy(kit / "datasets/mnist/y_train.xz", kit / "datasets/mnist/y_test.xz")
    with pytest.raises(DataDamaged, match="digest that the manifest states"):
        data.path("mnist", "y_test")
    assert list(cache.iterdir()) == []


def test_a_compressed_file_that_cannot_be_read_is_not_blamed_on_the_cache(kit):
    (kit / "datasets/mnist/y_test.xz").unlink()
    (kit / "datasets/mnist/y_test.xz").mkdir()
    with pytest.raises((DataDamaged, DataMissing), match=r"mnist/y_test\.xz"):
        data.path("mnist", "y_test")


def test_a_cache_that_cannot_be_written_says_how_to_name_another(kit, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("LABKIT_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.raises(StorageError, match="LABKIT_CACHE"):
        data.path("mnist", "y_test")


def test_what_a_dead_process_left_is_removed_by_the_next_unpacking(kit, cache):
    left = data.path("mnist", "y_train").with_name(f"mnist-y_test-{'0' * 16}.npy.{'0' * 16}.part")
    left.write_bytes(b"half")
    long_ago = time.time() - 2 * 3600
    os.utime(left, (long_ago, long_ago))
    data.path("mnist", "y_test")
    assert not left.exists()


def test_what_another_process_is_writing_now_is_left_alone(kit, cache):
    other = data.path("mnist", "y_train").with_name(f"mnist-y_test-{'0' * 16}.npy.{'0' * 16}.part")
    other.write_bytes(b"half")
    data.path("mnist", "y_test")
    assert other.exists()


def test_clean_frees_the_cache_and_says_how_much(kit, cache):
    size = data.path("mnist", "y_test").stat().st_size
    assert data.clean() == size
    assert list(cache.iterdir()) == []
    assert _labels_are_right()


def test_clean_keeps_files_that_are_not_the_kit_s(kit, cache):
    data.path("mnist", "y_test")
    for name in ("results.npy", "film.part", "mnist-x_train-notes.npy"):
        (cache / name).write_text("mine")
    data.clean()
    assert {file.name for file in cache.iterdir()} == {
        "results.npy",
        "film.part",
        "mnist-x_train-notes.npy",
    }


def test_cleaning_a_cache_that_is_not_there_frees_nothing(kit):
    assert data.clean() == 0


def test_verify_finds_the_kit_s_own_data_sound(cache):
    findings = data.verify()
    assert len(findings) == 11
    assert all(finding.sound for finding in findings)


def test_verify_finds_deep_damage_in_the_cache_and_mends_it(kit):
    file = data.path("mnist", "y_test")
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    assert not _labels_are_right()  # opening reads no data and cannot notice
    mended = {finding.name: str(finding.message) for finding in data.verify() if finding.sound}
    assert "damaged copy" in mended["mnist/y_test.xz"]
    assert _labels_are_right()


@pytest.mark.parametrize("file", ["mnist/y_test.xz", "gasoline.csv"])
@pytest.mark.parametrize("harm", [_empty, lambda file: file.unlink()])
def test_verify_names_the_file_at_fault_and_only_that(kit, file, harm):
    harm(kit / "datasets" / file)
    assert [finding.name for finding in data.verify() if not finding.sound] == [file]


def test_line_ends_of_windows_are_no_damage_to_the_table(kit):
    table = kit / "datasets/gasoline.csv"
    table.write_bytes(table.read_bytes().replace(b"\n", b"\r\n"))
    assert all(finding.sound for finding in data.verify())
