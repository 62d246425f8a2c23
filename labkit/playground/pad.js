// A field to draw on with the pointer or the keys; its value is two hexadecimal digits a cell, row by row.
const canvas = element.querySelector("canvas"), ink = canvas.getContext("2d");
const rows = Number(canvas.dataset.rows), columns = Number(canvas.dataset.columns);
const soft = canvas.dataset.soft === "true", size = canvas.width / columns;
let cells = new Uint8Array(rows * columns), row = rows >> 1, column = columns >> 1;
let last = null, paint = 255, down = false, waiting = false;

const read = () => {
  const text = String(props.value ?? "");
  cells = Uint8Array.from({ length: rows * columns }, (_, i) => parseInt(text.slice(2 * i, 2 * i + 2), 16) || 0);
  show();
};
const show = () => {
  cells.forEach((value, i) => {
    ink.fillStyle = `rgb(${255 - value},${255 - value},${255 - value})`;
    ink.fillRect((i % columns) * size, Math.floor(i / columns) * size, size, size);
  });
  if (!soft) {
    ink.strokeStyle = "#bbbbbb";
    ink.lineWidth = 1;
    for (let i = 1; i < columns; i++) ink.strokeRect(i * size, -1, 0, canvas.height + 2);
    for (let i = 1; i < rows; i++) ink.strokeRect(-1, i * size, canvas.width + 2, 0);
  }
  if (document.activeElement === canvas && canvas.matches(":focus-visible")) {
    ink.strokeStyle = "#d55e00";
    ink.lineWidth = down ? 4 : 2;
    ink.strokeRect(column * size + 1, row * size + 1, size - 2, size - 2);
  }
};
const send = () => {
  show();
  if (waiting) return;
  waiting = true;
  setTimeout(() => {
    waiting = false;
    props.value = Array.from(cells, (value) => value.toString(16).padStart(2, "0")).join("");
    trigger("input");
  }, 60);
};
const dab = (x, y) => {
  // x and y in cells. A soft pen is some two cells wide and fades at its edge, as the data set's does.
  if (!soft) {
    const c = Math.floor(x), r = Math.floor(y);
    if (r >= 0 && r < rows && c >= 0 && c < columns) cells[r * columns + c] = paint;
    return;
  }
  for (let r = Math.max(0, Math.floor(y - 3)); r < Math.min(rows, y + 3); r++)
    for (let c = Math.max(0, Math.floor(x - 3)); c < Math.min(columns, x + 3); c++) {
      const far = Math.hypot(c + 0.5 - x, r + 0.5 - y);
      const value = Math.round(255 * Math.min(1, Math.max(0, 1.75 - far)));
      cells[r * columns + c] = Math.max(cells[r * columns + c], value);
    }
};
const line = (from, to) => {
  const steps = Math.max(1, Math.ceil(3 * Math.hypot(to[0] - from[0], to[1] - from[1])));
  for (let i = 1; i <= steps; i++)
    dab(from[0] + ((to[0] - from[0]) * i) / steps, from[1] + ((to[1] - from[1]) * i) / steps);
};
const place = (event) => {
  const box = canvas.getBoundingClientRect();
  return [((event.clientX - box.left) / box.width) * columns, ((event.clientY - box.top) / box.height) * rows];
};
const other = (x, y) => (soft || cells[Math.floor(y) * columns + Math.floor(x)] < 128 ? 255 : 0);

canvas.addEventListener("pointerdown", (event) => {
  canvas.setPointerCapture(event.pointerId);
  last = place(event);
  paint = other(...last);
  dab(...last);
  send();
});
canvas.addEventListener("pointermove", (event) => {
  if (!last) return;
  const next = place(event);
  line(last, next);
  last = next;
  send();
});
for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => (last = null));

const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
canvas.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key in moves) {
    column = Math.min(columns - 1, Math.max(0, column + moves[event.key][0]));
    row = Math.min(rows - 1, Math.max(0, row + moves[event.key][1]));
    if (down) dab(column + 0.5, row + 0.5);
  } else if (event.key === " ") {
    down = soft ? !down : false;
    if (!soft) paint = other(column, row);
    if (down || !soft) dab(column + 0.5, row + 0.5);
  } else if (event.key === "Escape") {
    down = false;
  } else if (event.key === "Delete" || event.key === "Backspace") {
    cells.fill(0);
  } else return;
  event.preventDefault();
  if (down || !(event.key in moves)) send();
  else show();
});
canvas.addEventListener("focus", show);
canvas.addEventListener("blur", () => { down = false; show(); });
watch("value", read);
read();
