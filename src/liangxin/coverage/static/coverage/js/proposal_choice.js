// Which groups are ticked, kept while the list is filtered, sorted and paged; the form sends them all.

const form = () => document.getElementById("adopt");
const boxes = () => [...document.querySelectorAll('input[type="checkbox"][name="group"]')];

function keptIn(name) {
  try {
    return new Set(JSON.parse(sessionStorage.getItem(name) ?? "[]"));
  } catch {
    return new Set();
  }
}

let chosen = new Set();
const place = () => `liangxin-choice-${form().dataset.choice}`;

// Ticks that stand on other pages of the list travel as hidden fields.
function showChoice() {
  const box = form();
  if (!box) return;
  sessionStorage.setItem(place(), JSON.stringify([...chosen]));
  const shown = new Set();
  for (const one of boxes()) {
    shown.add(one.value);
    one.checked = chosen.has(one.value);
  }
  box.querySelectorAll("input[type=hidden]").forEach((one) => one.remove());
  for (const number of chosen) {
    if (shown.has(number)) continue;
    const hidden = document.createElement("input");
    hidden.type = "hidden";
    hidden.name = "group";
    hidden.value = number;
    box.append(hidden);
  }
  box.querySelector("[data-choice-count]").textContent = chosen.size ? `（${chosen.size} 组）` : "";
  box.querySelector("button[type=submit]").disabled = !chosen.size;
  box.querySelector("[data-choose-none]").hidden = !chosen.size;
  const page = box.querySelector("[data-choose-page]");
  page.closest("label").hidden = !shown.size;
  page.checked = shown.size > 0 && boxes().every((one) => one.checked);
}

function start() {
  if (!form()) return;
  chosen = keptIn(place());
  showChoice();
}

document.addEventListener("change", ({ target }) => {
  if (target.matches('input[name="group"][form="adopt"]')) {
    if (target.checked) chosen.add(target.value);
    else chosen.delete(target.value);
    showChoice();
  } else if (target.matches("[data-choose-page]")) {
    for (const one of boxes()) {
      if (target.checked) chosen.add(one.value);
      else chosen.delete(one.value);
    }
    showChoice();
  }
});

document.addEventListener("click", ({ target }) => {
  if (!target.closest("[data-choose-none]")) return;
  chosen.clear();
  showChoice();
});

// What is adopted must not come back ticked.
document.addEventListener("submit", ({ target }) => {
  if (target.id === "adopt") sessionStorage.removeItem(place());
});

document.addEventListener("htmx:afterSettle", start);
start();
