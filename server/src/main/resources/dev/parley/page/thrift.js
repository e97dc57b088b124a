// SPDX-License-Identifier: Apache-2.0
// The more people a picture is sent to, the smaller it is.

/** For one other, for up to three, for more. */
const STEPS = [
  { others: 1, encoding: { scaleResolutionDownBy: 1, maxBitrate: 2_500_000, maxFramerate: 30 } },
  { others: 3, encoding: { scaleResolutionDownBy: 2, maxBitrate: 700_000, maxFramerate: 20 } },
  { others: Infinity, encoding: { scaleResolutionDownBy: 3, maxBitrate: 300_000, maxFramerate: 12 } },
];

/**
 * Sends the picture to all these peers in the size that so many can have.
 *
 * @param screenTracks are sent as they are, so that text can be read
 */
export function share(peers, screenTracks) {
  const { encoding } = STEPS.find((step) => peers.size <= step.others);
  const isPicture = ({ track }) => track?.kind === 'video' && !screenTracks.includes(track);
  const senders = [...peers.values()].flatMap(({ connection }) => connection.getSenders());
  senders.filter(isPicture).forEach((sender) => encode(sender, encoding));
}

async function encode(sender, encoding) {
  const parameters = sender.getParameters();
  if (!parameters.encodings?.length) {
    return; // nothing is negotiated yet: it is done again once connected
  }
  parameters.encodings.forEach((it) => Object.assign(it, encoding));
  try {
    await sender.setParameters(parameters);
  } catch {
    // the connection is closed, or its next state is on the way, and with it the next call
  }
}
