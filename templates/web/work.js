/* The sum that a form asks for, so that sending many of them costs something: see digest/web/work.py. */
"use strict";

const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
const hex = (raw) => Array.from(new Uint8Array(raw), (byte) => byte.toString(16).padStart(2, "0")).join("");

async function solve({ nonce, salt, cost, keyLength, keyPrefix }) {
  const password = new Uint8Array([...bytes(nonce), 0, 0, 0, 0]);
  const counter = new DataView(password.buffer, password.length - 4);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: bytes(salt), iterations: cost };
  for (let tried = 0; ; tried++) {
    counter.setUint32(0, tried);
    const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
    const derivedKey = hex(await crypto.subtle.deriveBits(how, key, keyLength * 8));
    if (derivedKey.startsWith(keyPrefix)) return { counter: tried, derivedKey };
  }
}

/* It begins at once, and is mostly done before an address is typed. */
const form = document.currentScript.closest("form");
const challenge = JSON.parse(document.currentScript.dataset.challenge);
const done = solve(challenge.parameters).then((solution) => {
  form.elements.work.value = btoa(JSON.stringify({ challenge, solution }));
});

/* Who is quicker waits for it. Where it fails, the form goes as it is and comes back. */
form.addEventListener("submit", async (event) => {
  if (form.elements.work.value) return;
  event.preventDefault();
  form.setAttribute("aria-busy", "true");
  await done.catch(() => {});
  form.submit();
});
