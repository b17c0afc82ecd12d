// What was typed into a form outlives a session that ended: kept in this tab when the form is sent, put back when the
// server says that it did not arrive (?chua-gui) and the same person is back, forgotten on any other page with this script.
// Without it the form is empty. Files are chosen again: no page may put them back.
const form = document.querySelector("[data-keep]");
const kept = JSON.parse(sessionStorage.getItem("unsent") ?? "null");
sessionStorage.removeItem("unsent");

if (form && kept?.path === location.pathname && kept.person === form.dataset.keep && new URLSearchParams(location.search).has("chua-gui")) {
  for (const box of form.querySelectorAll("[type=checkbox], [type=radio]")) box.checked = false;
  for (const [name, value] of kept.typed) {
    for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (["checkbox", "radio"].includes(field.type)) field.checked ||= field.value === value;
      else field.value = value;
    }
  }
  form.querySelector("[data-kept]").hidden = false;
}

form?.addEventListener("submit", () => {
  const typed = [...new FormData(form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string");
  sessionStorage.setItem("unsent", JSON.stringify({ path: location.pathname, person: form.dataset.keep, typed }));
});
