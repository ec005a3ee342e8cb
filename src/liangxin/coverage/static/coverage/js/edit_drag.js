// Dragging a row of the working view to another group. A mouse's extra: "移到…" does the same for everybody.

let dragged = null;

const row = (target) => target.closest?.("li[data-unit]");
const card = (target) => target.closest?.("[data-group]");

function unmark() {
  for (const one of document.querySelectorAll(".is-target")) one.classList.remove("is-target");
}

document.addEventListener("dragstart", (event) => {
  dragged = row(event.target);
  if (!dragged) return;
  dragged.classList.add("is-dragged");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.dataset.unit);
});

document.addEventListener("dragover", (event) => {
  const over = dragged && card(event.target);
  unmark();
  if (!over || over === card(dragged)) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "move";
  over.classList.add("is-target");
});

document.addEventListener("drop", (event) => {
  const over = dragged && card(event.target);
  unmark();
  if (!over || over === card(dragged)) return;
  event.preventDefault();
  const button = document.querySelector("[data-drop]");
  button.value = `move:${dragged.dataset.unit}:${over.dataset.group}`;
  button.click();
});

document.addEventListener("dragend", () => {
  dragged?.classList.remove("is-dragged");
  dragged = null;
  unmark();
});
