from __future__ import annotations

import json
import subprocess
import sys

import pytest

from labkit import data
from labkit.data.catalogue import arrays_of
from labkit.errors import DataDamaged, DataMissing, UsageError
from labkit.i18n import speaking
from labkit.root import root


def test_all_data_sets_are_known():
    assert data.names() == ("gasoline", "applicants", "mnist", "fashion_mnist", "verbs")


@pytest.mark.parametrize("name", ["gasoline", "applicants", "mnist", "fashion_mnist", "verbs"])
def test_each_data_set_says_where_it_is_from_and_under_which_licence(name):
    info = data.describe(name)
    assert info.name == name
    assert all((info.title, info.source, info.licence))


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_ten_classes_have_names_in_both_languages(name, language):
    with speaking(language):
        assert len(set(data.describe(name).class_names)) == 10


def test_class_names_follow_the_language():
    with speaking("en"):
        assert data.describe("fashion_mnist").class_names[8] == "Bag"
    with speaking("es"):
        assert data.describe("fashion_mnist").class_names[8] == "Bolso"


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(UsageError, match=r"called cifar.*gasoline, applicants, mnist, fashion_mnist"):
        data.describe("cifar")


def test_a_table_has_no_arrays():
    with pytest.raises(UsageError, match="gasoline is a table"):
        arrays_of("gasoline")


def test_a_missing_manifest_is_named(kit):
    (kit / "datasets" / "manifest.json").unlink()
    with pytest.raises(DataMissing, match=r"manifest\.json is missing"):
        data.names()


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", '{"mnist": 1}', '{"mnist": {"title": "only"}}', '{"mnist": {"surprise": 1}}'],
)
def test_a_damaged_manifest_is_named(kit, content):
    (kit / "datasets" / "manifest.json").write_text(content)
    with pytest.raises(DataDamaged, match=r"manifest\.json is damaged"):
        data.names()


def test_every_file_of_the_manifest_is_there_and_none_else():
    datasets = root() / "datasets"
    manifest = json.loads((datasets / "manifest.json").read_text(encoding="utf-8"))
    stated = {entry["file"] for entry in manifest.values() if "file" in entry}
    for entry in manifest.values():
        stated |= {array["file"] for array in entry.get("arrays", {}).values()}
    found = {p.relative_to(datasets).as_posix() for p in datasets.rglob("*.*") if p.is_file()}
    assert {file for file in found if file.endswith((".xz", ".csv"))} == stated


def test_importing_the_catalogue_imports_nothing_heavy():
    heavy = "{'numpy', 'pandas', 'sklearn', 'tensorflow', 'keras'}"
    code = f"import labkit.data, sys; labkit.data.names(); print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root())
    assert done.stdout == "[]\n", done.stderr
