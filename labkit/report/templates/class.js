"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const table = byId("students");
  const rows = Array.from(table.tBodies[0].rows);
  const heads = Array.from(table.tHead.rows[0].cells);
  const fields = ["q", "verdict", "check"].map(byId);
  const count = byId("count");
  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
  let sorted = { key: "name", down: false };

  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const words = new Map(rows.map((row) => [row, fold(row.textContent)]));

  // What a row is sorted by: a number where the cell holds one, else its words; nothing comes last.
  function value(row, column) {
    const cell = row.cells[column];
    if (cell.dataset.v !== undefined) return Number(cell.dataset.v);
    return cell.textContent.trim() || null;
  }

  function compare(a, b) {
    return typeof a === "number" && typeof b === "number" ? a - b : collator.compare(a, b);
  }

  function sort(key, down) {
    const column = heads.findIndex((head) => head.dataset.key === key);
    if (column < 0) return;
    sorted = { key, down };
    const numbers = heads[column].classList.contains("number") || key === "submitted";
    const known = (row) => (numbers ? row.cells[column].dataset.v !== undefined : value(row, column));
    const full = rows.filter(known).map((row) => [value(row, column), row]);
    full.sort(([a], [b]) => (down ? compare(b, a) : compare(a, b)));
    const order = [...full.map(([, row]) => row), ...rows.filter((row) => !known(row))];
    table.tBodies[0].append(...order);
    for (const head of heads) head.removeAttribute("aria-sort");
    heads[column].setAttribute("aria-sort", down ? "descending" : "ascending");
  }

  function filter() {
    const [search, verdict, check] = fields.map((field) => field.value);
    const wanted = fold(search).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      row.hidden = !(
        wanted.every((word) => words.get(row).includes(word)) &&
        (!verdict || row.dataset.verdict === verdict) &&
        (!check || row.dataset.failed.split(" ").includes(check))
      );
      shown += row.hidden ? 0 : 1;
    }
    count.textContent = count.dataset.text.replace("{shown}", shown).replace("{all}", rows.length);
  }

  // The state is in the address, so that a link shows what its sender saw: #sort=-points&q=ana
  function read() {
    const given = new URLSearchParams(location.hash.slice(1));
    if (!["sort", ...fields.map((field) => field.id)].some((name) => given.has(name))) return;
    for (const field of fields) {
      field.value = given.get(field.id) || "";
      if (field.selectedIndex === -1) field.selectedIndex = 0;
    }
    const key = given.get("sort") || "name";
    sort(key.replace(/^-/, ""), key.startsWith("-"));
    filter();
    byId("everyone").scrollIntoView();
  }

  function write() {
    const state = new URLSearchParams();
    if (sorted.key !== "name" || sorted.down) state.set("sort", (sorted.down ? "-" : "") + sorted.key);
    for (const field of fields) if (field.value) state.set(field.id, field.value);
    const hash = state.toString();
    try {
      history.replaceState(null, "", hash ? "#" + hash : location.pathname + location.search);
    } catch {
      // Some viewers of saved pages keep the address to themselves.
    }
  }

  for (const head of heads) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => {
      sort(head.dataset.key, sorted.key === head.dataset.key && !sorted.down);
      write();
    });
    head.append(button);
  }
  for (const field of fields) {
    field.addEventListener("input", () => {
      filter();
      write();
    });
  }
  byId("controls").hidden = false;
  sort("name", false);
  filter();
  read();
  window.addEventListener("hashchange", read);
})();
