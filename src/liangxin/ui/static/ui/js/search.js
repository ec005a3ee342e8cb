// The search box: `/` goes to it, arrows walk the suggestions, Enter opens one, Esc closes them.
// Without this script the box is a plain form.

const form = document.querySelector("[data-search]");
const box = form?.querySelector("input");
const found = form?.querySelector("[role=listbox]");

function options() {
  return [...found.querySelectorAll("[role=option]")];
}

function show(isOpen) {
  found.hidden = !isOpen;
  box.setAttribute("aria-expanded", String(isOpen));
  if (!isOpen) choose(null);
}

function choose(option) {
  for (const one of options()) one.removeAttribute("aria-selected");
  box.removeAttribute("aria-activedescendant");
  if (!option) return;
  option.setAttribute("aria-selected", "true");
  box.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function walk(step) {
  const all = options();
  if (!all.length) return;
  const at = all.findIndex((one) => one.hasAttribute("aria-selected"));
  const next = at + step;
  choose(next < 0 ? null : all[Math.min(next, all.length - 1)]);
}

function onKey(event) {
  if (event.isComposing) return; // the keys belong to the input method
  if (event.key === "Escape") {
    show(false);
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (found.hidden && found.childElementCount) show(true);
    walk(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter") {
    const option = options().find((one) => one.hasAttribute("aria-selected"));
    if (!option || found.hidden) return;
    event.preventDefault();
    option.click();
  }
}

if (form) {
  box.addEventListener("keydown", onKey);
  box.addEventListener("focus", () => { if (found.childElementCount) show(true); });
  box.addEventListener("htmx:beforeRequest", (event) => {
    if (box.value.trim()) return;
    event.preventDefault();
    found.replaceChildren();
    show(false);
  });
  found.addEventListener("htmx:afterSwap", () => {
    options().forEach((one, number) => { one.id = `search-option-${number}`; });
    show(found.childElementCount > 0 && document.activeElement === box);
  });
  document.addEventListener("click", (event) => { if (!event.target.closest("[data-search]")) show(false); });
  form.addEventListener("focusout", (event) => { if (event.relatedTarget && !form.contains(event.relatedTarget)) show(false); });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]") || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    box.focus();
    box.select();
  });
}
