// allauth's scripts speak to the browser; this says in the page's own words what did not work.
const shown = (name) => { document.querySelector(`[data-${name}]`)?.removeAttribute("hidden"); };

// A number is no name for a passkey, whatever the connection (W3C Web Authentication, "relying party identifier").
const isNumber = /^[\d.]+$|:/.test(location.hostname);
if (!window.PublicKeyCredential || isNumber) {
  shown("no-keys");
  for (const part of document.querySelectorAll("[data-keys]")) part.hidden = true;
}

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  shown("key-failed");
});
