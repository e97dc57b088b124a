// SPDX-License-Identifier: Apache-2.0
// The picture that is sent when there is no camera: slow colours, a name, the time.

const WIDTH = 960;
const HEIGHT = 540;
const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif';

/** Orbits of the colours: hue against the base, radius, and speed on either axis. */
const CLOUDS = [
  { hue: 0, radius: 0.75, x: 0.31, y: 0.23, phase: 0 },
  { hue: 48, radius: 0.6, x: 0.19, y: 0.37, phase: 2.1 },
  { hue: -44, radius: 0.65, x: 0.27, y: 0.17, phase: 4.2 },
];

export class Picture {
  /** What is written on it. */
  name;
  #metronome = new Worker('/metronome.js');
  #context = context(WIDTH, HEIGHT);
  #sky = context(WIDTH / 4, HEIGHT / 4);
  #hue = 180 + Math.floor(Math.random() * 140); // from teal over blue to rose
  #put;

  constructor(name) {
    this.name = name;
    this.#draw();
    this.track = this.#capture();
    this.#metronome.onmessage = () => {
      this.#draw();
      this.#put();
      this.#metronome.postMessage(null);
    };
  }

  stop() {
    this.#metronome.terminate();
    this.track.stop();
  }

  #capture() {
    const stream = this.#context.canvas.captureStream(0); // 0: a frame when we ask for one, and also in the background
    const track = stream.getVideoTracks()[0];
    const source = 'requestFrame' in track ? track : stream; // Firefox has it there
    this.#put = () => source.requestFrame();
    return track;
  }

  #draw() {
    const now = new Date();
    this.#drawClouds(now.getTime() / 1000);
    this.#drawSeconds((now.getSeconds() + now.getMilliseconds() / 1000) / 60);
    this.#drawWords(now);
  }

  /** On a small canvas that is drawn enlarged: it looks the same, and without a graphics card costs a tenth. */
  #drawClouds(seconds) {
    const { width, height } = this.#sky.canvas;
    const sky = this.#sky;
    sky.fillStyle = `hsl(${this.#hue} 42% 24%)`;
    sky.fillRect(0, 0, width, height);
    for (const cloud of CLOUDS) {
      const x = width * (0.5 + 0.42 * Math.sin(seconds * cloud.x + cloud.phase));
      const y = height * (0.5 + 0.42 * Math.cos(seconds * cloud.y + cloud.phase));
      const gradient = sky.createRadialGradient(x, y, 0, x, y, width * cloud.radius);
      gradient.addColorStop(0, `hsl(${this.#hue + cloud.hue} 62% 50% / 0.8)`);
      gradient.addColorStop(1, `hsl(${this.#hue + cloud.hue} 62% 40% / 0)`);
      sky.fillStyle = gradient;
      sky.fillRect(0, 0, width, height);
    }
    this.#context.drawImage(sky.canvas, 0, 0, WIDTH, HEIGHT);
  }

  #drawSeconds(partOfMinute) {
    const context = this.#context;
    const top = -Math.PI / 2;
    const ring = (from, to, colour) => {
      context.beginPath();
      context.arc(WIDTH / 2, HEIGHT / 2, 178, from, to);
      context.strokeStyle = colour;
      context.stroke();
    };
    context.lineWidth = 5;
    context.lineCap = 'round';
    ring(0, 2 * Math.PI, 'rgb(255 255 255 / 0.16)');
    ring(top, top + 2 * Math.PI * partOfMinute, 'rgb(255 255 255 / 0.85)');
  }

  #drawWords(now) {
    const context = this.#context;
    context.textAlign = 'center';
    context.fillStyle = 'white';
    context.font = `600 54px ${FONT}`;
    context.fillText(this.name, WIDTH / 2, HEIGHT / 2 + 2);
    context.fillStyle = 'rgb(255 255 255 / 0.85)';
    context.font = `32px ${FONT}`;
    const tenths = Math.floor(now.getMilliseconds() / 100);
    context.fillText(`${now.toTimeString().slice(0, 8)}.${tenths}`, WIDTH / 2, HEIGHT / 2 + 52);
  }
}

function context(width, height) {
  return Object.assign(document.createElement('canvas'), { width, height }).getContext('2d', { alpha: false });
}
