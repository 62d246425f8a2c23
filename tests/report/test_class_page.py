"""A class as a page: counted rightly, self-contained, complete without its script, safe with it."""

from __future__ import annotations

import base64
import hashlib
import random
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.i18n import LANGUAGES, Text, speaking
from labkit.report.class_counts import CheckTally, board, histogram, summary, tally
from labkit.report.class_page import Row, page
from labkit.rubric import rules
from labkit.rubric.lab import Budget, Check, Lab
from labkit.rubric.protocols import HoldOut

MADE = datetime(2026, 11, 21, 6, 21, tzinfo=timezone(timedelta(hours=-5)))
VOID = {"meta", "input", "circle", "path", "rect", "use"}
GIVEN = (
    "Ana María",
    "Łukasz",
    "José",
    "Zoë",
    "Ñusta",
    "Íñigo",
    "Olga",
    "Begoña",
    "Tomás",
    "Chloé",
    "Ximena",
    "Ángel",
    "Wei",
)
FAMILY = (
    "Núñez Quispe",
    "Ochoa",
    "Öztürk",
    "Pérez",
    "Zapata",
    "Álvarez",
    "Wójcik",
    "O'Brien",
    "Yáñez",
    "de la Cruz",
)
REFUSALS = (
    "The archive holds a link out of its folder: ../../etc",
    "mnist.py line 12: '(' was never closed",
    "There are two files with define(): a.py, b.py",
)


def check(name: str, points: float, title: str, *needs: str, bonus: bool = False) -> Check:
    return Check(name, Text(title), points, rules.exports(), Text(f"What about {name}?"), needs, bonus)


LAB = Lab(
    98, "toy", Text("Toy lab"), Text("Part"), 1, Budget(1),
    (
        check("define", 2, "define() returns a model"),
        check("fit", 2, "fit() trains the model", "define"),
        check("softmax_head", 2, "The last layer gives one probability per class", "define"),
        check("accuracy", 4, "A loss of 0.30 or less on what it has never seen", "fit"),
        check("bonus", 1, "A loss on the way to 0.25", "fit", bonus=True),
    ),
    minutes=1,
    seconds=1,
    teaches=Text("Toys"),
    protocol=HoldOut("mnist"),
)  # fmt: skip


def students(count: int, seed: int = 7) -> list[Row]:
    """A class made up by chance, the same for the same seed."""
    chance = random.Random(seed)
    return [student(number, chance) for number in range(count)]


def student(number: int, chance: random.Random) -> Row:
    name = f"{chance.choice(GIVEN)} {chance.choice(FAMILY)}"
    key = f"u{20260000 + number}"
    verdicts = ("graded", "refused", "unknown", "missing")
    verdict = "unknown" if number == 2 else chance.choices(verdicts, (40, 3, 1, 2))[0]
    row = Row(
        name, key, chance.choice("AB"), None, None, 0, 0, 0, verdict, {}, {}, "", "", 0, 0, None, {}
    )  # fmt: skip
    if verdict == "missing":
        return row
    handed_in = datetime(2026, 11, 20, 23, 59, tzinfo=timezone.utc)
    row = replace(
        row,
        report=f"students/{key} {name}/report.html",
        seconds=round(chance.lognormvariate(1.3, 0.7), 2),
        attempts=chance.randrange(1, 5),
        submitted=handed_in - timedelta(minutes=chance.randrange(9000)),
    )
    if verdict == "unknown":
        lost = {"define": "passed", "fit": "unknown"}
        return replace(row, checks=lost, message="The worker was lost: the machine was out of memory.")
    if verdict == "refused":
        return replace(row, points=0, earned=0, message=chance.choice(REFUSALS))
    return looked_at(row, chance)


def looked_at(row: Row, chance: random.Random) -> Row:
    """A graded student: what each check gave, and what it comes to."""
    loss = round(chance.gauss(0.33, 0.05), 4)
    shares = {"accuracy": (0.45 - loss) / 0.15, "bonus": (0.30 - loss) / 0.05}
    checks: dict[str, str] = {}
    fractions: dict[str, float] = {}
    for one in LAB.checks:
        likely = 0.7 if one.name == "softmax_head" else 0.96
        share = min(1.0, max(0.0, shares.get(one.name, float(chance.random() < likely))))
        blocked = any(checks[need] != "passed" for need in one.needs)
        checks[one.name] = "skipped" if blocked else "passed" if share else "failed"
        fractions[one.name] = 0.0 if blocked else share
    lost = [one for one in LAB.checks if fractions[one.name] < 1 and not one.bonus]
    earned = round(sum(one.points * fractions[one.name] for one in LAB.checks), 2)
    late = chance.choice((0, 0, 0, 0, 1, 2.5))
    penalty = round(min(earned, late / 2), 2)
    change = chance.choice((0,) * 15 + (0.5, -1))
    values = {"loss": loss, "parameters": chance.randrange(20_000, 300_000), "seconds": row.seconds}
    return replace(
        row,
        points=max(0, round(earned - penalty + change, 2)),
        earned=earned,
        late_days=late,
        penalty=penalty,
        adjustment=change,
        checks=checks,
        fractions=fractions,
        message=str(lost[0].title) if lost else "",
        challenge=values if checks["fit"] == "passed" else {},
    )


class Page(HTMLParser):
    """A page taken apart: tags with attributes, visible text; tags must close in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.source = text
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.words += " "
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID or tag in self._open:
            assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"style", "script"} & set(self._open):
            self.words += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """Attributes of every such tag."""
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def text(self) -> str:
        """Visible words, white space collapsed."""
        return re.sub(r"[ \n]+", " ", self.words)


def rendered(rows: Sequence[Row], lab: Lab = LAB, **changes: Any) -> Page:
    return Page(page(lab, rows, **{"title": "Class A", "made": MADE, **changes}))


def graded(name: str, points: float | None, **changes: Any) -> Row:
    """A graded student with so many points, but for what is named."""
    row = Row(name, name, "", points, points, 0, 0, 0, "graded", {}, {}, "", "", 0, 1, None, {})
    return replace(row, **changes)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("count", [0, 1, 3, 40])
def test_a_class_of_any_size_is_a_well_formed_page_in_its_language(count: int, language: str) -> None:
    with speaking(language):
        found = rendered(students(count))
    assert found.all("html") == [{"lang": language}]
    assert len(found.all("h1")) == len(found.all("main")) == 1
    labels = [section["aria-labelledby"] for section in found.all("section")]
    assert labels == [heading["id"] for heading in found.all("h2")]
    assert len([row for row in found.all("tr") if "data-verdict" in row]) == count


def test_what_nobody_could_tell_and_what_is_missing_is_no_zero() -> None:
    rows = [graded("Ana", 8), graded("Bea", 4), graded("Cid", 0, verdict="refused")]
    rows += [graded("Dea", None, verdict="unknown"), graded("Eva", None, verdict="missing")]
    rows += [graded("Fay", 0, verdict="unknown"), graded("Gil", 0, verdict="missing")]
    text = rendered(rows).text
    assert "4 of 10 points in the median Mean 4 · quartiles 2 and 6 · lowest 0, highest 8" in text
    assert "Graded 2 Refused 1 Could not tell 2 Nothing handed in 2" in text


def test_what_nobody_could_tell_comes_first_with_its_reason() -> None:
    rows = [graded("Ana", 8), graded("Dea", None, verdict="unknown", message="Out of memory.")]
    found = rendered(rows)
    assert found.all("section")[0]["aria-labelledby"] == "unknown"
    assert "Dea Out of memory." in found.text
    assert "unknown" not in {s["aria-labelledby"] for s in rendered(rows[:1]).all("section")}


def test_a_class_without_a_grade_has_no_figures() -> None:
    found = rendered([graded("Dea", None, verdict="missing")])
    assert "no grade yet" in found.text
    assert not [svg for svg in found.all("svg") if svg.get("class") == "histogram"]


@given(st.lists(st.floats(0, 30), min_size=1, max_size=50), st.floats(0.01, 1000))
def test_every_grade_is_in_one_bar(values: list[float], maximum: float) -> None:
    bins = histogram(values, maximum)
    assert sum(found.count for found in bins) == len(values)
    assert len(bins) <= 12
    assert bins[0].low == 0
    assert bins[-1].high >= max(maximum, *values) * (1 - 1e-6)
    assert all(one.high == two.low for one, two in pairwise(bins))


@given(st.lists(st.floats(0, 100), min_size=1, max_size=50))
def test_quartiles_are_in_order(values: list[float]) -> None:
    found = summary(values)
    assert found is not None
    steps = [found.lowest, found.lower, found.median, found.upper, found.highest]
    assert all(one <= two + 1e-9 for one, two in pairwise(steps))


def test_the_histogram_tells_what_it_shows_to_those_who_cannot_see_it() -> None:
    found = rendered([graded("Ana", 8.5), graded("Bea", 8), graded("Cid", 2)])
    (chart,) = (svg for svg in found.all("svg") if svg.get("class") == "histogram")
    assert chart["role"] == "img" and chart["aria-labelledby"] == "bars-title bars-text"
    assert "2 to 3 points: 1; 8 to 9 points: 2. Median 8." in found.text


def tallied(*outcomes: Mapping[str, str], **fractions: float) -> dict[str, CheckTally]:
    rows = [graded("Ana", 1, checks=outcome, fractions=fractions) for outcome in outcomes]
    return {found.check.name: found for found in tally(LAB, rows)}


def test_each_check_is_counted_by_how_it_ended() -> None:
    ways = ["passed", "failed", "unknown", "skipped", "passed"]
    found = tallied(*({"define": way} for way in ways))["define"]
    assert (found.full, found.partial, found.failed, found.skipped, found.unknown) == (2, 0, 1, 1, 1)
    assert found.rate == pytest.approx(2 / 3)


def test_a_check_passed_in_part_is_not_passed_in_full() -> None:
    found = tallied({"accuracy": "passed"}, accuracy=0.5)["accuracy"]
    assert (found.full, found.partial, found.rate) == (0, 1, 0)


def test_a_check_that_nobody_reached_has_no_rate() -> None:
    assert tallied({"define": "skipped"})["define"].rate is None
    assert "0 0 0 1 0 –" in rendered([graded("Ana", 0, checks={"define": "skipped"})]).text


def test_refused_submissions_were_never_looked_at() -> None:
    refused = graded("Ana", 0, verdict="refused", checks={"define": "failed"})
    assert tally(LAB, [refused])[0].reached == 0


def test_the_hardest_check_is_the_one_that_most_fail_who_get_there() -> None:
    once = {"define": "passed", "softmax_head": "passed", "fit": "passed", "accuracy": "failed"}
    often = {"define": "passed", "softmax_head": "failed", "fit": "failed", "accuracy": "skipped"}
    rows = [graded(name, 1, checks=once) for name in "AB"] + [
        graded(name, 1, checks={**often, "fit": "passed"}) for name in "CDEFGHIJ"
    ]
    found = rendered(rows).text
    assert "The hardest The last layer gives one probability per class" in found
    assert "Passed in full by 2 of the 10 who got that far. What about softmax_head?" in found


def test_a_bonus_is_never_the_hardest_and_a_perfect_class_has_none() -> None:
    everything = {check.name: "passed" for check in LAB.checks}
    rows = [graded("Ana", 10, checks={**everything, "bonus": "failed"})]
    assert "The hardest" not in rendered(rows).text


def test_the_leaderboard_is_by_loss_parameters_and_seconds_and_equals_share_a_rank() -> None:
    values = [(0.3, 9, 1), (0.2, 9, 2), (0.2, 9, 1), (0.2, 5, 7), (0.2, 9, 1), (float("nan"), 1, 1)]
    rows = [
        graded(name, 1, challenge={"loss": loss, "parameters": parameters, "seconds": seconds})
        for name, (loss, parameters, seconds) in zip("ABCDEF", values)
    ]
    rows += [graded("G", 1), graded("H", None, verdict="unknown", challenge={"loss": 0.1})]
    order = [(rank, row.name) for rank, row in board(rows)]
    assert order == [(1, "D"), (2, "C"), (2, "E"), (4, "B"), (5, "A")]
    assert "1 D 0.2000 5 7.0 2 C 0.2000 9 1.0 2 E 0.2000 9 1.0 4 B" in rendered(rows).text


def test_without_a_challenge_there_is_no_leaderboard() -> None:
    assert "Leaderboard" not in rendered([graded("Ana", 1)]).text


def test_points_that_were_changed_show_how() -> None:
    row = graded("Ana", 7.5, earned=9, penalty=2, adjustment=0.5, late_days=1.5)
    assert "7.5 9 − 2 + 0.5 graded 1.5" in rendered([row]).text


def test_numbers_in_spanish_have_a_decimal_comma() -> None:
    row = graded("Ana", 7.25, challenge={"loss": 0.25, "parameters": 235146, "seconds": 9.1})
    with speaking("es"):
        text = rendered([row]).text
    assert "7,25" in text and "0,2500 235\u202f146 9,1" in text
    assert "7.25" not in text


def test_times_are_shown_in_the_zone_of_the_page() -> None:
    utc = datetime(2026, 11, 21, 3, 30, tzinfo=timezone.utc)
    text = rendered([graded("Ana", 1, submitted=utc)]).text
    assert "handed in (UTC-05:00)" in text
    assert "2026-11-20 22:30" in text


def test_grading_times_name_the_longest() -> None:
    rows = [graded("Ana", 1, seconds=2), graded("Bea", 1, seconds=4), graded("Cid", 1, seconds=900)]
    text = rendered([*rows, graded("Dea", None, verdict="missing")]).text
    assert "a submission, in the median 4 s the longest 15 min, Cid" in text


def test_students_come_by_name_accents_aside_and_ñ_after_n() -> None:
    names = ["Oz", "Ñu", "Nz", "Ábaco", "abeto", "Zoe"]
    cells = [row for row in rendered([graded(name, 1) for name in names]).text.split() if row in names]
    assert cells == ["Ábaco", "abeto", "Nz", "Ñu", "Oz", "Zoe"]


def test_provenance_is_shown_as_given() -> None:
    assert "rubric abc" in rendered([], lines=[("rubric", "abc")]).text
    assert "Where these grades come from" not in rendered([]).text


EVIL = "</script></title><script>alert(1)</script><img src=x onerror=alert(1)>\"'"
EVIL += "\x1b[31mred\x00\u202e\ud800"


def hostile() -> Page:
    row = graded(
        EVIL, None, verdict="unknown", message=EVIL, key=EVIL, section=EVIL, report=EVIL, seconds=1
    )
    ranked = graded(EVIL, 1, report="javascript:alert(1)", challenge={"loss": 1})
    return rendered([row, ranked], title=EVIL, lines=[(EVIL, EVIL)])


def test_nothing_a_student_wrote_becomes_a_tag() -> None:
    found = hostile()
    assert found.source.count("alert(1)") > 8
    assert len(found.all("script")) == 1 and not found.all("img")
    assert not [name for _tag, names in found.tags for name in names if name.startswith("on")]


def test_nothing_a_student_wrote_controls_the_reader() -> None:
    source = hostile().source
    assert not set(source) & set("\x1b\x00\u202e\ud800")
    source.encode("utf-8")


@pytest.mark.parametrize(
    ("path", "link"),
    [
        ("students/Ana Ñ #1?/50%.html", "students/Ana%20%C3%91%20%231%3F/50%25.html"),
        ("javascript:alert(1)", "javascript%3Aalert%281%29"),
        ("https://example.org/", "https%3A//example.org/"),
        ("a\\b\n\t.html", "a%5Cb%0A%09.html"),
        ("raw\udcff.html", "raw%FF.html"),
        ('"onclick="alert(1)', "%22onclick%3D%22alert%281%29"),
    ],
)
def test_a_link_is_a_relative_path_with_every_sign_encoded(path: str, link: str) -> None:
    assert [a["href"] for a in rendered([graded("Ana", 1, report=path)]).all("a")] == [link]


@pytest.mark.parametrize("path", ["", "/etc/passwd", "//example.org/x", "\ud800"])
def test_a_path_that_is_not_relative_is_no_link(path: str) -> None:
    assert not rendered([graded("Ana", 1, report=path)]).all("a")


@settings(deadline=None, max_examples=30)
@given(st.text())
def test_no_path_leads_to_another_site(path: str) -> None:
    for anchor in rendered([graded("Ana", 1, report=path)]).all("a"):
        parts = urlsplit(urljoin("https://class.test/lab/", str(anchor["href"])))
        assert (parts.scheme, parts.netloc, parts.query, parts.fragment) == (
            "https",
            "class.test",
            "",
            "",
        )


def test_a_page_needs_nothing_from_elsewhere() -> None:
    found = rendered(students(40))
    assert not found.all("link") + found.all("iframe") + found.all("img")
    assert not [script for script in found.all("script") if "src" in script]
    assert not re.search(r"url\(|@import|https?:", found.source)


def test_the_policy_lets_the_pages_own_script_run_and_no_other() -> None:
    found = rendered(students(3))
    (policy,) = (m["content"] for m in found.all("meta") if "http-equiv" in m)
    directives = dict(str(rule).strip().split(" ", 1) for rule in str(policy).split(";"))
    script = found.source.split("<script>")[1].split("</script>")[0]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert directives["script-src"] == f"'sha256-{digest}'"
    assert directives["default-src"] == "'none'"


def test_without_its_script_everything_is_shown_and_no_control_is_dead() -> None:
    found = rendered(students(40))
    assert [tag for tag, attributes in found.tags if "hidden" in attributes] == ["div"]
    (controls,) = (tag for tag in found.all("div") if tag.get("id") == "controls")
    assert "hidden" in controls
    assert not found.all("button")


def test_a_class_of_five_hundred_is_less_than_a_megabyte() -> None:
    assert len(rendered(students(500)).source.encode("utf-8")) < 1_000_000


BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
CLASS = [
    graded("Zoe", 9.5, section="A", checks={"fit": "passed"}),
    graded("Ñusta", 10, section="A", checks={"fit": "failed"}, message="Línea 3: <b>no</b>"),
    graded("Nadia", 2, section="B", checks={"fit": "failed", "define": "failed"}),
    graded("Ángel", None, verdict="unknown", message="Out of memory"),
    graded("Omar", 0, verdict="refused", message="not Python"),
]


def seen(folder: Path, address: str, language: str = "es") -> Page:
    """The page as a browser has it, once its script has run."""
    with speaking(language):
        (folder / "class.html").write_text(page(LAB, CLASS, title="", made=MADE), encoding="utf-8")
    command = [
        str(BROWSER), "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        f"--user-data-dir={folder / 'profile'}", "--dump-dom",
        (folder / "class.html").as_uri() + address,
    ]  # fmt: skip
    done = subprocess.run(command, check=True, capture_output=True, timeout=120)
    return Page(done.stdout.decode("utf-8"))


def shown(found: Page) -> list[str]:
    """Names in the table of students that are not hidden, in its order."""
    table = found.source.split('id="students"')[1].split("<tbody>")[1].split("</tbody>")[0]
    rows = re.findall(r"<tr ([^>]*)>.*?<bdi>(.*?)</bdi>", table, re.DOTALL)
    return [name for attributes, name in rows if "hidden" not in attributes]


@pytest.mark.skipif(BROWSER is None, reason="no Chromium here")
@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("", ["Ángel", "Nadia", "Ñusta", "Omar", "Zoe"]),
        ("#sort=points", ["Omar", "Nadia", "Zoe", "Ñusta", "Ángel"]),
        ("#sort=-points", ["Ñusta", "Zoe", "Nadia", "Omar", "Ángel"]),
        ("#q=LINEA+n", ["Ñusta"]),
        ("#verdict=graded&check=fit&sort=-name", ["Ñusta", "Nadia"]),
        ("#sort=nonsense&check=nonsense", ["Ángel", "Nadia", "Ñusta", "Omar", "Zoe"]),
    ],
)
def test_the_address_sorts_searches_and_filters(tmp_path: Path, address: str, names: list[str]) -> None:
    found = seen(tmp_path, address)
    assert shown(found) == names
    (count,) = (tag for tag in found.all("p") if tag.get("role") == "status")
    assert count["id"] == "count"
    assert re.search(rf'id="count"[^>]*>[^<]*\b{len(names)}\b[^<]*\b5\b', found.source)


@pytest.mark.skipif(BROWSER is None, reason="no Chromium here")
def test_headings_become_buttons_that_say_what_is_sorted(tmp_path: Path) -> None:
    found = seen(tmp_path, "#sort=-points")
    sorted_by = {
        str(tag["data-key"]): tag.get("aria-sort") for tag in found.all("th") if "data-key" in tag
    }
    assert {key for key, order in sorted_by.items() if order} == {"points"}
    assert sorted_by["points"] == "descending"
    assert len(found.all("button")) == len(sorted_by) == 8
    assert not [tag for tag in found.all("div") if "hidden" in tag]
