// Sends the address of a page, or the picture of a paper, by what the phone has for it: its own sheet, which has Zalo in it, or the
// clipboard. Without any of them the address can be selected in its field.
const PICTURE = "image/jpeg";
const isLeft = (fault) => fault.name === "AbortError"; // somebody looked at the sheet and went back

const begin = (box) => {
  const { share: url, title } = box.dataset;
  const tell = (name) => { for (const one of box.querySelectorAll("[data-case]")) one.hidden = one.dataset.case !== name; };
  const [send, copy] = ["[data-send]", "[data-copy]"].map((one) => box.querySelector(one));
  const field = box.querySelector("input[readonly]");
  field?.addEventListener("focus", () => field.select());

  if (send && navigator.share) {
    send.hidden = false;
    send.addEventListener("click", () => navigator.share({ title, url }).catch((fault) => { if (!isLeft(fault)) copied(); }));
  }
  const copied = async () => {
    try {
      await navigator.clipboard.writeText(url);
      tell("copied");
    } catch {
      field.select();
      tell("select");
    }
  };
  if (copy) {
    copy.hidden = false;
    copy.addEventListener("click", copied);
  }
  const picture = box.querySelector("[data-send-picture]");
  if (picture) beginPicture(picture, tell);
};

// Between the tap and the sheet lies the fetching; after some seconds a browser wants a tap anew.
const beginPicture = (place, tell) => {
  const { sendPicture, name } = place.dataset;
  const button = place.querySelector("button");
  let file = null;
  place.hidden = !navigator.canShare?.({ files: [new File([new Uint8Array(1)], name, { type: PICTURE })] });
  const fetched = async () => {
    const answer = await fetch(sendPicture);
    if (!answer.ok || answer.headers.get("Content-Type") !== PICTURE) throw new Error(answer.status);
    return new File([await answer.blob()], name, { type: PICTURE });
  };
  button.addEventListener("click", async () => {
    button.disabled = true;
    tell("");
    try {
      file ??= await fetched();
      await navigator.share({ files: [file] });
    } catch (fault) {
      if (!isLeft(fault)) tell(file ? "again" : "failed");
    } finally {
      button.disabled = false;
    }
  });
};

for (const box of document.querySelectorAll("[data-share]")) begin(box);
