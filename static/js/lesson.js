// "Nghe": the phone reads the lesson aloud where it has a Vietnamese (or the page's own) voice. Nothing leaves the phone.
const button = document.querySelector("[data-listen]");
const speech = window.speechSynthesis;
const language = document.documentElement.lang;

const voice = () => speech?.getVoices().find((one) => one.lang.toLowerCase().startsWith(language));

const words = () =>
  [...document.querySelectorAll("[data-lesson] :is(h1, h2, h3, p, li, td)")]
    .filter((node) => !node.closest(".no-print, .crumbs, .meta, .lesson-next, .callout--law, details:not([open])"))
    .map((node) => node.textContent.trim())
    .filter(Boolean);

const stop = () => {
  speech.cancel();
  button.querySelector("span").textContent = button.dataset.start;
  delete button.dataset.speaking;
};

const start = () => {
  button.dataset.speaking = "yes";
  button.querySelector("span").textContent = button.dataset.stop;
  const sentences = words();
  sentences.forEach((text, index) => {
    const utterance = Object.assign(new SpeechSynthesisUtterance(text), { lang: voice().lang, voice: voice(), rate: 0.95 });
    if (index === sentences.length - 1) utterance.onend = stop;
    speech.speak(utterance);
  });
};

if (button && speech) {
  button.dataset.start = button.querySelector("span").textContent;
  const offer = () => { button.hidden = !voice(); };
  offer();
  speech.addEventListener?.("voiceschanged", offer);
  button.addEventListener("click", () => (button.dataset.speaking ? stop() : start()));
  addEventListener("pagehide", () => speech.cancel());
}
