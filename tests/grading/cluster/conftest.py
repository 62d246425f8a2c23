"""A real PostgreSQL."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from dask_of_tests import Postgres, port


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """PostgreSQL from Debian's package, or from wherever its programs are found."""
    places = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    if found := shutil.which("initdb"):
        places.append(Path(found).resolve().parent)
    if not places:
        pytest.skip("PostgreSQL is not installed (Debian: apt install postgresql)")
    with tempfile.TemporaryDirectory(prefix="labkit-postgres-", ignore_cleanup_errors=True) as name:
        folder = Path(name)  # not in pytest's own, which nobody else may enter
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
