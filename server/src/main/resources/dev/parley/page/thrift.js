// SPDX-License-Identifier: Apache-2.0
// What each of us sends is the smaller the more it is sent to.

/** For one other, for up to three, for more. */
const STEPS = [
  { others: 1, encoding: { scaleResolutionDownBy: 1, maxBitrate: 2_500_000, maxFramerate: 30 } },
  { others: 3, encoding: { scaleResolutionDownBy: 2, maxBitrate: 700_000, maxFramerate: 20 } },
  { others: Infinity, encoding: { scaleResolutionDownBy: 3, maxBitrate: 300_000, maxFramerate: 12 } },
];

/** Has the picture sent to all these peers in the size that so many bear. */
export function share(peers) {
  const { encoding } = STEPS.find((step) => peers.size <= step.others);
  peers.forEach(({ connection }) => connection.getSenders().forEach((sender) => encode(sender, encoding)));
}

async function encode(sender, encoding) {
  const parameters = sender.getParameters();
  if (sender.track?.kind !== 'video' || !parameters.encodings?.length) {
    return; // nothing is agreed yet: it is done again once connected
  }
  parameters.encodings.forEach((it) => Object.assign(it, encoding));
  try {
    await sender.setParameters(parameters);
  } catch {
    // the connection is gone, or its next state is on the way, and with it the next call
  }
}
