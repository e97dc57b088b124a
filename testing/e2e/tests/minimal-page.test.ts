// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { areInCall, callInTwoTabs, keepsSeeingTheOther, seesTheOther, signalingIs } from '../src/call.ts';
import { openWindow } from '../src/chromium.ts';
import { startParley } from '../src/parley.ts';

describe('the two-tab page', () => {
  test('one click makes a call in two tabs that see each other, without an error on the console', async () => {
    const [parley, window] = await Promise.all([startParley(), openWindow()]);
    const [first, second] = await callInTwoTabs(window, `${parley.page}/minimal`);
    await areInCall(first, second);
    expect(await first.locator('#signaling').innerText()).toMatch(/connected/);
    expect(await first.locator('#media').innerText()).toMatch(/connected/);
    expect(first.url()).toBe(second.url());
    await first.locator('#remote-numbers', { hasText: /^\d+ × \d+ · \d+ fps$/ }).waitFor();
    expect(window.complaints).toEqual([]);
  });

  test('without a camera both tabs send the generated picture', async () => {
    const [parley, window] = await Promise.all([startParley(), openWindow({ camera: false })]);
    const [first, second] = await callInTwoTabs(window, `${parley.page}/minimal`);
    await areInCall(first, second);
    expect(await first.locator('#camera-button').innerText()).toBe('Camera off');
    await Promise.all([keepsSeeingTheOther(first, 2), keepsSeeingTheOther(second, 2)]);
  });

  test('the microphone starts switched off, and switched on it is heard on the other side', async () => {
    const [parley, window] = await Promise.all([startParley(), openWindow()]);
    const [first, second] = await callInTwoTabs(window, `${parley.page}/minimal`);
    await areInCall(first, second);
    const soundTracks = (): number =>
      (document.querySelector<HTMLVideoElement>('#remote')!.srcObject as MediaStream).getAudioTracks().length;
    expect(await second.evaluate(soundTracks)).toBe(0);
    await first.getByRole('switch', { name: 'Microphone' }).click();
    await second.waitForFunction(soundTracks);
    await second.waitForFunction(() => !document.querySelector<HTMLVideoElement>('#remote')!.paused);
    await seesTheOther(second);
  });

  test('a third tab sees that the room is full, and does not disturb the call of the two', async () => {
    const [parley, window] = await Promise.all([startParley(), openWindow()]);
    const [first, second] = await callInTwoTabs(window, `${parley.page}/minimal`);
    await areInCall(first, second);
    const third = await window.newPage();
    await third.goto(first.url());
    await third.getByRole('button', { name: 'Join the call' }).click();
    await signalingIs(third, 'full');
    await third.getByText('This room is full').waitFor();
    await Promise.all([keepsSeeingTheOther(first, 1), keepsSeeingTheOther(second, 1)]);
    await signalingIs(third, 'full');
  });
});
