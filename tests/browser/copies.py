"""What a browser keeps of answers that the server does not have yet."""

from playwright.sync_api import Page

_STORE = """const ask = (mode, work) => new Promise((resolve) => {
  const opening = indexedDB.open("answers", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("answers");
  opening.onsuccess = () => {
    const transaction = opening.result.transaction("answers", mode);
    const request = work(transaction.objectStore("answers"));
    transaction.oncomplete = () => { opening.result.close(); resolve(request.result); };
  };
});"""


def keys(page: Page) -> list[str]:
    return page.evaluate(f"() => {{ {_STORE} return ask('readonly', (all) => all.getAllKeys()); }}")


def none_left(page: Page) -> None:
    """Once there are none any more, which a browser gets as long for as whatever else is expected of it."""
    page.evaluate(
        f"""async () => {{ {_STORE}
          const until = Date.now() + 10_000;
          for (;;) {{
            const left = await ask("readonly", (all) => all.getAllKeys());
            if (!left.length) return;
            if (Date.now() > until) throw new Error(`still kept: ${{left}}`);
            await new Promise((resolve) => setTimeout(resolve));
          }}
        }}"""
    )


def put(page: Page, key: str, answer: list[str], revision: int = 0) -> None:
    copy = {"answer": answer, "revision": str(revision)}
    page.evaluate(f"([key, copy]) => {{ {_STORE} return ask('readwrite', (all) => all.put(copy, key)); }}", [key, copy])


def clear(page: Page) -> None:
    page.evaluate(f"() => {{ {_STORE} return ask('readwrite', (all) => all.clear()); }}")


def key_of(page: Page, position: int) -> str:
    """Of another question of the attempt whose page is open."""
    person, attempt, _here, started = page.locator("[data-key]").get_attribute("data-key").split("-")
    return f"{person}-{attempt}-{position}-{started}"
