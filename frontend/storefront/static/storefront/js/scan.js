// The scan page: the camera reads, or somebody types. Each code is sent with a key of its own, one after the other, so
// that a lost answer counts nothing twice; what became of it is said, heard and felt.
import { text as wordsOf } from "../../ui/js/text.js";
import { showToast } from "../../ui/js/toasts.js";
import { sound } from "./sound.js";
import { startWedge } from "./wedge.js";

const LOOK_EVERY = 110;
const GONE_AFTER = 900;
const WIDTH = 720;
const FORMATS = ["ean_13", "ean_8", "upc_a", "itf", "code_128"];
const box = document.querySelector("[data-scan]");
const video = box.querySelector("video");
const said = box.querySelector(".scan-box__words");
const form = document.getElementById("scan-form");
const field = document.getElementById("scan-code");
const keys = { start: box.querySelector("[data-scan-start]"), stop: box.querySelector("[data-scan-stop]"), light: box.querySelector("[data-scan-light]") };
const codes = [];
let isSending = false;
let stream = null;
let look = null;
let last = { code: "", at: 0, times: 0, isCounted: false };

document.addEventListener("submit", onSubmit, true);
document.addEventListener("scanned", (event) => sound(event.detail.tone));
document.addEventListener("visibilitychange", () => document.hidden && stop());
window.addEventListener("pagehide", stop);
keys.start.addEventListener("click", start);
keys.stop.addEventListener("click", stop);
keys.light.addEventListener("click", light);
startWedge(add);
prepare();

async function prepare() {
  box.hidden = false;
  if (!navigator.mediaDevices?.getUserMedia) return none(box.dataset.textNone);
  const cameras = (await navigator.mediaDevices.enumerateDevices()).filter((one) => one.kind === "videoinput");
  if (!cameras.length) return none(box.dataset.textNone);
  const state = await navigator.permissions?.query({ name: "camera" }).catch(() => null);
  if (state?.state === "granted") start();
}

function none(words) {
  said.textContent = words;
  box.dataset.state = "off";
  keys.start.hidden = words === box.dataset.textNone;
  field.focus();
}

async function start() {
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } } });
  } catch (failure) {
    return none(failure.name === "NotAllowedError" ? box.dataset.textDenied : box.dataset.textNone);
  }
  look ??= await reader();
  video.srcObject = stream;
  await video.play();
  box.dataset.state = "on";
  said.textContent = box.dataset.textOn;
  keys.start.hidden = true;
  keys.stop.hidden = false;
  keys.light.hidden = !stream.getVideoTracks()[0].getCapabilities?.().torch;
  watch();
}

function stop() {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
  video.srcObject = null;
  box.dataset.state = "off";
  said.textContent = "";
  keys.start.hidden = false;
  keys.stop.hidden = keys.light.hidden = true;
}

async function light() {
  const [track] = stream?.getVideoTracks() ?? [];
  const isOn = keys.light.getAttribute("aria-pressed") === "true";
  await track?.applyConstraints({ advanced: [{ torch: !isOn }] });
  keys.light.setAttribute("aria-pressed", String(!isOn));
}

// The browser's own reader where it knows these codes, else the one we bring along, fetched only now.
async function reader() {
  const own = "BarcodeDetector" in window ? await window.BarcodeDetector.getSupportedFormats() : [];
  if (own.includes("ean_13") && own.includes("itf")) {
    const detector = new window.BarcodeDetector({ formats: FORMATS.filter((one) => own.includes(one)) });
    return async (canvas) => (await detector.detect(canvas))[0]?.rawValue ?? "";
  }
  const { read } = await import(box.dataset.reader);
  return async (canvas) => read(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height));
}

async function watch() {
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  while (stream) {
    if (video.videoWidth) {
      canvas.width = Math.min(WIDTH, video.videoWidth);
      canvas.height = Math.round((video.videoHeight * canvas.width) / video.videoWidth);
      pen.drawImage(video, 0, 0, canvas.width, canvas.height);
      saw(await look(canvas).catch(() => ""));
    }
    await new Promise((resolve) => window.setTimeout(resolve, LOOK_EVERY));
  }
}

// A code counts once it was read twice, and again only after it has been out of sight.
function saw(code) {
  const now = performance.now();
  if (!isGtin(code)) {
    if (now - last.at > GONE_AFTER) last = { code: "", at: now, times: 0, isCounted: false };
    return;
  }
  last = code === last.code ? { ...last, at: now, times: last.times + 1 } : { code, at: now, times: 1, isCounted: false };
  if (last.times < 2 || last.isCounted) return;
  last.isCounted = true;
  add(code);
}

function isGtin(code) {
  if (!/^(\d{8}|\d{12,14})$/.test(code)) return false;
  const digits = [...code].reverse().map(Number);
  return digits.reduce((sum, digit, at) => sum + digit * (at % 2 ? 3 : 1), 0) % 10 === 0;
}

function onSubmit(event) {
  if (event.target !== form && !event.target.matches("[data-scan-choice]")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const { code, sku } = Object.fromEntries(new FormData(event.target));
  if (!code.trim()) return;
  add(code.trim(), sku);
  field.value = "";
}

function add(code, sku = "") {
  codes.push({ code, sku, key: crypto.randomUUID() });
  send();
}

async function send() {
  if (isSending) return;
  isSending = true;
  while (codes.length) {
    try {
      await window.htmx.ajax("POST", form.getAttribute("action"), { target: "#scan-said", swap: "outerHTML", values: codes[0] });
    } catch {
      sound("bad");
      showToast(wordsOf("failed"), "bad");
      break; // kept, and sent with the next one under the same key
    }
    codes.shift();
  }
  isSending = false;
}
