"""A real PostgreSQL."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from dask_of_tests import Postgres, port


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """PostgreSQL from Debian's package, or from wherever its programs are found."""
    places = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    if found := shutil.which("initdb"):
        places.append(Path(found).resolve().parent)
    if not places:
        pytest.skip("PostgreSQL is not installed (Debian: apt install postgresql)")
    folder = tmp_path_factory.mktemp("postgres")
    for above in [folder, *folder.parents]:  # its own user has to reach it
        with suppress(PermissionError):
            above.chmod(above.stat().st_mode | 0o011)
    place = folder / "data"
    place.mkdir(mode=0o700)
    if os.getuid() == 0:
        shutil.chown(place, "nobody", "nogroup")
        shutil.chown(folder, "nobody", "nogroup")
    server = Postgres(place, port(), places[0])
    server.run("initdb", "-D", str(place), "-U", "labkit", "-A", "trust", "--no-sync")
    server.start()
    yield server
    server.kill()
