// A screen that everybody looks at keeps itself new, and a tablet that goes round returns to its beginning: after a sheet, and after one that
// somebody left half filled in. Without it pages refresh themselves more roughly, or wait for a tap.
const EVERY = 5000;

const live = [...document.querySelectorAll("[data-live]")];
if (live.length) {
  setInterval(async () => {
    try {
      const answer = await fetch(location.href, { signal: AbortSignal.timeout(EVERY) });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const now = page.querySelectorAll("[data-live]");
      live.forEach((one, at) => {
        if (now[at] && now[at].innerHTML !== one.innerHTML) one.replaceChildren(...now[at].childNodes);
      });
    } catch { /* the next one tells */ }
  }, EVERY);
}

const going = document.querySelector("[data-back-to]");
if (going) {
  const { backTo, backAfter, idle } = going.dataset;
  const back = () => location.replace(backTo);
  if (backAfter) setTimeout(back, backAfter * 1000);
  if (idle) {
    let timer;
    const again = () => {
      clearTimeout(timer);
      timer = setTimeout(back, idle * 1000);
    };
    for (const sign of ["input", "pointerdown", "keydown"]) going.addEventListener(sign, again);
  }
}
