/* Passkeys on the account's pages. A form marked data-passkey is shown when the browser has them.
   At its button the server says what to ask (data-ask), the browser asks the person, and the answer
   is sent with the form like any other. */
"use strict";

(() => {
  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const known = (list) => (list || []).map((each) => ({ ...each, id: bytes(each.id) }));

  async function made(asked) {
    const user = { ...asked.user, id: bytes(asked.user.id) };
    const key = await navigator.credentials.create({
      publicKey: {
        ...asked, user, challenge: bytes(asked.challenge),
        excludeCredentials: known(asked.excludeCredentials),
      },
    });
    return [key, { attestationObject: text(key.response.attestationObject) }];
  }

  async function used(asked) {
    const key = await navigator.credentials.get({
      publicKey: {
        ...asked, challenge: bytes(asked.challenge),
        allowCredentials: known(asked.allowCredentials),
      },
    });
    const { authenticatorData, signature, userHandle } = key.response;
    return [key, {
      authenticatorData: text(authenticatorData),
      signature: text(signature),
      ...(userHandle ? { userHandle: text(userHandle) } : {}),
    }];
  }

  async function send(form) {
    const answer = await fetch(form.dataset.ask, { method: "POST", redirect: "manual" });
    if (!answer.ok) {
      // Signed out meanwhile, or too many tries: the server says so when it is asked for the page.
      location.reload();
      return;
    }
    const asked = await answer.json();
    const [key, more] = await (asked.user ? made(asked) : used(asked));
    form.elements.answer.value = JSON.stringify({
      id: key.id, rawId: text(key.rawId), type: key.type,
      response: { clientDataJSON: text(key.response.clientDataJSON), ...more },
    });
    form.submit();
  }

  function prepare(form) {
    const button = form.querySelector("button");
    const mistake = form.querySelector("[role=alert]");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (button.disabled) return;
      button.disabled = true;
      mistake.hidden = true;
      send(form).catch(() => {
        // The person said no, waited too long, or nothing here holds a passkey for this site.
        mistake.hidden = false;
        button.disabled = false;
        button.focus();
      });
    });
    form.hidden = false;
  }

  if (!window.PublicKeyCredential || !navigator.credentials) return;
  document.querySelectorAll("form[data-passkey]").forEach(prepare);
  document.querySelectorAll("[data-without-passkeys]").forEach((each) => { each.hidden = true; });
})();
