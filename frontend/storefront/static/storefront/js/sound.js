// A scan is heard and felt: hands are full and eyes are on the shelf. The words stand on the page as well.
let context = null;

/** One high tone for good news, two low ones for bad. */
export function sound(tone) {
  navigator.vibrate?.(tone === "good" ? 40 : [80, 60, 80]);
  try {
    context ??= new AudioContext();
    if (tone === "good") return beep(1320, 0);
    beep(330, 0);
    beep(330, 0.16);
  } catch {
    // No sound here: the words and the colour say it.
  }
}

function beep(pitch, after) {
  const wave = context.createOscillator();
  const volume = context.createGain();
  wave.frequency.value = pitch;
  volume.gain.value = 0.12;
  wave.connect(volume).connect(context.destination);
  wave.start(context.currentTime + after);
  wave.stop(context.currentTime + after + 0.09);
}
