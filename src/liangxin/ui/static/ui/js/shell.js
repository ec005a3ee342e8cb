// Small behaviours of every page. Each hangs on a data attribute; a page without it loses nothing.

const side = document.getElementById("side");

function setSide(open) {
  document.body.classList.toggle("is-side-open", open);
  for (const button of document.querySelectorAll("[data-toggle-side]")) {
    button.setAttribute("aria-expanded", String(open));
  }
  if (open) side.querySelector("a")?.focus();
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-toggle-side]")) {
    setSide(!document.body.classList.contains("is-side-open"));
  } else if (document.body.classList.contains("is-side-open") && !event.target.closest("#side")) {
    setSide(false);
  }
  if (event.target.closest("[data-print]")) window.print();
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens)?.showModal();
  if (event.target.closest("[data-closes]")) event.target.closest("dialog")?.close();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") setSide(false);
});

// A second press of the button would send the form twice.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.confirm && !window.confirm(form.dataset.confirm)) {
    event.preventDefault();
    return;
  }
  if (!form.hasAttribute("data-once")) return;
  for (const button of form.querySelectorAll("button[type=submit]")) {
    window.setTimeout(() => { button.disabled = true; }, 0);
  }
});

// Coming back with the browser's button shows the old page: its buttons must work again.
window.addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("form[data-once] button[type=submit]")) {
    button.disabled = false;
  }
});

document.addEventListener("change", (event) => {
  event.target.closest("form[data-autosubmit]")?.requestSubmit();
  if (event.target.matches("[data-tick-all]")) {
    for (const box of document.querySelectorAll("input[name=tick]")) box.checked = event.target.checked;
  }
});

// A fragment that could not be fetched must not look like an answer.
document.addEventListener("htmx:responseError", (event) => {
  const words = event.detail.xhr.status === 403 ? "您没有这项权限。" : "没有取到内容，请刷新页面再试。";
  announce(words);
});
document.addEventListener("htmx:sendError", () => announce("连不上服务器，请检查网络后再试。"));

function announce(words) {
  let box = document.getElementById("trouble");
  if (!box) {
    box = document.createElement("p");
    box.id = "trouble";
    box.className = "lx-message is-error lx-trouble";
    box.setAttribute("role", "alert");
    document.body.append(box);
  }
  box.textContent = words;
  window.setTimeout(() => box.remove(), 8000);
}
