// Passkeys: asks the server what to ask, the device for an answer, and brings the answer back.

const isAble = Boolean(window.PublicKeyCredential) && window.isSecureContext;
for (const part of document.querySelectorAll("[data-passkeys-only]")) part.hidden = !isAble;
for (const part of document.querySelectorAll("[data-passkeys-missing]")) part.hidden = isAble;

function bytes(text) {
  const plain = text.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(plain), (letter) => letter.charCodeAt(0));
}

function text(buffer) {
  const letters = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function trouble(words) {
  const box = document.querySelector("[data-passkey-trouble]");
  box.textContent = words;
  box.hidden = !words;
}

async function send(url, body) {
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  const answer = await fetch(url, {
    method: "POST",
    headers: { "X-CSRFToken": token, "Content-Type": "application/json" },
    body: JSON.stringify(body ?? {}),
  });
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(told.refused || "没有成功，请刷新页面再试。");
  return told;
}

function withBytes(options) {
  const asked = { ...options, challenge: bytes(options.challenge) };
  if (asked.user) asked.user = { ...asked.user, id: bytes(asked.user.id) };
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    if (asked[list]) asked[list] = asked[list].map((one) => ({ ...one, id: bytes(one.id) }));
  }
  return asked;
}

function inText(credential) {
  const response = {};
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  for (const part of parts) {
    if (credential.response[part]) response[part] = text(credential.response[part]);
  }
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function ceremony(holder, ask, extra) {
  trouble("");
  try {
    const told = await send(holder.dataset.ask);
    const credential = await ask(withBytes(told.publicKey));
    const answer = await send(holder.dataset.enter, { ...inText(credential), ...extra });
    window.location.assign(answer.url);
  } catch (error) {
    const isRefusedByPerson = error.name === "NotAllowedError" || error.name === "AbortError";
    trouble(isRefusedByPerson ? "没有完成：设备上取消了，或等待太久。" : error.message);
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-passkey-login]");
  if (button) ceremony(button, (publicKey) => navigator.credentials.get({ publicKey }), {});
});

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-passkey-add]");
  if (!form) return;
  event.preventDefault();
  const name = form.elements.name.value;
  ceremony(form, (publicKey) => navigator.credentials.create({ publicKey }), { name });
});
