// A message to be sent from the reader's own phone: copied by a tap where the browser can, else selected by hand.
for (const box of document.querySelectorAll("[data-message]")) {
  const [words, button, copied, byHand] = ["words", "copy", "copied", "by-hand"].map((name) => box.querySelector(`[data-${name}]`));
  if (!navigator.clipboard) continue;
  [button.hidden, byHand.hidden] = [false, true];
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(words.textContent);
      copied.hidden = false;
    } catch {
      getSelection().selectAllChildren(words);
      byHand.hidden = false;
    }
  });
}
