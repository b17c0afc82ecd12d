// Reads tickets with the camera: by the browser itself where it can, else by a decoder that is loaded for it alone.
const REST = 120; // milliseconds between two looks
const GONE = 8; // looks at nothing after which the same ticket is shown anew
const video = document.querySelector("[data-camera]");
const { decoder } = document.querySelector("[data-door]").dataset;
let stream = null;

const byBrowser = async () => {
  if (!("BarcodeDetector" in window)) return null;
  const formats = await BarcodeDetector.getSupportedFormats().catch(() => []);
  if (!formats.includes("qr_code")) return null;
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  return async (source) => (await detector.detect(source))[0]?.rawValue ?? "";
};

const byDecoder = async () => {
  await import(decoder);
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  return async (source) => {
    const [width, height] = [source.videoWidth ?? source.width, source.videoHeight ?? source.height];
    if (!width) return "";
    Object.assign(canvas, { width, height });
    pen.drawImage(source, 0, 0);
    return self.jsQR(pen.getImageData(0, 0, width, height).data, width, height)?.data ?? "";
  };
};

export const needsDecoder = async () => !(await byBrowser());

export const reader = async () => (await byBrowser()) ?? byDecoder();

export const isOn = () => stream !== null;

export const stop = () => {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
  video.hidden = true;
  video.srcObject = null;
};

// Calls `found` once for each code in front of the camera; the same one again only after another, or none for a moment, was seen.
export const start = async (found) => {
  stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  const read = await reader();
  video.srcObject = stream;
  video.hidden = false;
  await video.play();
  let last = "";
  let blank = 0;
  const look = async () => {
    if (!stream) return;
    const seen = await read(video).catch(() => "");
    blank = seen ? 0 : blank + 1;
    if (blank > GONE) last = "";
    if (seen && seen !== last) {
      last = seen;
      await found(seen).catch(() => {}); // whatever became of it, the next ticket is read
    }
    setTimeout(look, REST);
  };
  look();
};
