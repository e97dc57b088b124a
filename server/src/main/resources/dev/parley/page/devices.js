// SPDX-License-Identifier: Apache-2.0
// The lists of devices to choose from, in the preview and in the settings.

import { all } from '/dom.js';

const KINDS = { videoinput: 'Camera', audioinput: 'Microphone', audiooutput: 'Loudspeaker' };

/**
 * Fills the lists, and hides those with nothing to choose.
 *
 * @param inUse returns by kind the id of the device in use, if there is one
 */
export function showDevices(devices, inUse) {
  for (const [kind, name] of Object.entries(KINDS)) {
    const ofKind = devices.filter((device) => device.kind === kind && device.deviceId);
    const options = ofKind.map(({ deviceId, label }, index) => new Option(label || `${name} ${index + 1}`, deviceId));
    for (const select of lists(kind)) {
      select.closest('.field').hidden = options.length === 0;
      select.replaceChildren(...options.map((option) => option.cloneNode(true)));
      select.value = inUse(kind) ?? options[0]?.value;
    }
  }
}

/** Calls `choose` with kind and id when the user chooses a device. */
export function listenToDevices(choose) {
  for (const kind of Object.keys(KINDS)) {
    lists(kind).forEach((select) => (select.onchange = () => choose(kind, select.value)));
  }
}

/** Whether the device has a camera on either side, as phones have, and no pointer but fingers. */
export function hasTwoCameras(devices) {
  return matchMedia('(pointer: coarse)').matches && devices.filter(({ kind }) => kind === 'videoinput').length > 1;
}

const lists = (kind) => all(`select[data-device="${kind}"]`);
