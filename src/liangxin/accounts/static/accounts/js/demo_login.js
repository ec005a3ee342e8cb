// In demo mode a card fills the form and sends it.

document.addEventListener("click", (event) => {
  const card = event.target.closest("[data-demo-login]");
  if (!card) return;
  const form = document.querySelector("form.lx-form");
  form.elements.username.value = card.dataset.demoLogin;
  form.elements.password.value = card.dataset.demoPassword;
  form.requestSubmit();
});
