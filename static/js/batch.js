// The page of a batch in the admin looks again while it is being drawn. Without this script there is a link that does.
const AGAIN = 3000, PATIENCE = 30_000;
let wait = AGAIN;

async function look() {
  const here = document.getElementById("batch");
  if (!here?.hasAttribute("data-running")) return;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const there = page.getElementById("batch");
    if (!there) return; // logged out meanwhile: the link leads to the door
    if (!there.hasAttribute("data-running")) return location.reload(); // with its buttons
    here.replaceChildren(...there.childNodes);
    wait = AGAIN;
  } catch {
    wait = Math.min(wait * 2, PATIENCE);
  }
  setTimeout(look, wait);
}

setTimeout(look, wait);
