// The explanation of the figures unfolds when a figure points at it, and on paper.

const how = () => document.getElementById("how");

function unfold() {
  if (how()) how().open = true;
}

document.addEventListener("click", ({ target }) => {
  if (target.closest('a[href="#how"]')) unfold();
});
window.addEventListener("beforeprint", unfold);
if (window.location.hash === "#how") unfold();
