// Small help for pages that already work without it: text size at once, a clean device after logging out, and no error at a
// choice that has been made meanwhile.
const root = document.documentElement;
const YEAR = 60 * 60 * 24 * 365;

document.querySelector("[data-size-toggle]")?.addEventListener("click", (event) => {
  event.preventDefault();
  const size = root.dataset.size === "large" ? "usual" : "large";
  root.dataset.size = size;
  document.cookie = `text_size=${size}; path=/; max-age=${YEAR}; samesite=lax`;
});

for (const form of document.querySelectorAll("[data-leave]")) {
  form.addEventListener("submit", () => {
    localStorage.clear();
    sessionStorage.clear();
  });
}

document.addEventListener("change", ({ target }) => {
  if (!target.checked) return;
  document.getElementById(`id_${target.name}_error`)?.remove();
  target.closest("fieldset")?.classList.remove("field--error");
  for (const choice of document.getElementsByName(target.name)) choice.removeAttribute("aria-invalid");
});
