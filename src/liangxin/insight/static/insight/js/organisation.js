// On a phone the long sections start folded; on paper nothing may be missing.
const folding = document.querySelectorAll("details[data-folds]");

if (window.matchMedia("(max-width: 640px)").matches) {
  for (const section of folding) section.open = false;
}

window.addEventListener("beforeprint", () => {
  for (const section of document.querySelectorAll("details")) section.open = true;
});
