// SPDX-License-Identifier: Apache-2.0
// What the user sees of oneself: the own picture in preview and call, and the buttons of microphone, camera and screen.

import { hasTwoCameras, showDevices } from '/devices.js';
import { $, all, buttonsOf, label, setText } from '/dom.js';
import { initials } from '/names.js';
import { problemWords } from '/words.js';

const DRAWN = 'Others see a picture with your name instead.';

const SOURCES = { videoinput: 'camera', audioinput: 'microphone' };

/** Shows the state of the own media wherever the page shows it. */
export function showOwnMedia(media, name) {
  all('.own-tile').forEach((tile) => showOwnTile(tile, media, name));
  const isAsking = media.isStarting('camera');
  setText($('preview-message'), isAsking ? 'Your browser may ask for the camera.' : 'Your camera is off.');
  setText($('own').querySelector('.name'), `${name} (you)`);
  $('own').querySelector('.muted').toggleAttribute('hidden', !media.isMuted);
  showButton('microphone', !media.isMuted, media.isMuted ? 'Unmute' : 'Mute');
  showButton('camera', media.ownView !== null, cameraWords(media));
  showButton('screen', media.isSharing, media.isSharing ? 'Stop sharing' : 'Share screen');
  setText($('sharing'), media.isSharing ? 'Everybody in the call sees your screen.' : '');
  showProblem($('preview-problem'), problemOf(media));
  media.devices().then((devices) => {
    showDevices(devices, (kind) => SOURCES[kind] && media.deviceOf(SOURCES[kind]));
    buttonsOf('flip').forEach((button) => (button.hidden = !hasTwoCameras(devices)));
  });
}

/** Returns what to tell about the first source that is wanted and cannot be used; empty if all can. */
export function problemOf(media) {
  const [problem] = media.problems;
  if (!problem) {
    return '';
  }
  const [source, { code }] = problem;
  const words = problemWords(source, code);
  return source === 'camera' && media.isDrawn ? `${words} ${DRAWN}` : words;
}

/** Shows a problem with its buttons, or nothing. */
export function showProblem(place, words) {
  place.hidden = words === '';
  setText(place.querySelector('p'), words);
}

function cameraWords(media) {
  if (!media.wantsCamera) {
    return 'Start video';
  }
  return media.isDrawn ? 'End picture' : 'Stop video';
}

function showOwnTile(tile, media, name) {
  const video = tile.querySelector('video');
  const view = media.ownView;
  tile.dataset.shows = view ? 'video' : 'avatar';
  tile.dataset.mirrored = media.hasCamera && !media.looksAway;
  setText(tile.querySelector('.initials'), initials(name));
  if (video.srcObject !== view) {
    video.srcObject = view;
  }
}

function showButton(source, isOn, words) {
  label(source, words);
  buttonsOf(source).forEach((button) => button.toggleAttribute('data-on', isOn));
}
