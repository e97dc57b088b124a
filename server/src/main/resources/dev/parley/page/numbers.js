// SPDX-License-Identifier: Apache-2.0
// What the browser measures of the connection to another participant: the picture that arrives, and the path it takes.

/** Bytes and time of the last measurement of each connection, for rates. */
const before = new WeakMap();

/** Returns `picture`, its size and frames, and `route`, its path, in words; each may be empty. */
export async function numbersOf(connection) {
  const reports = [...(await connection.getStats()).values()];
  const of = (type, test = () => true) => reports.find((report) => report.type === type && test(report));
  const video = of('inbound-rtp', ({ kind, framesPerSecond }) => kind === 'video' && framesPerSecond > 0);
  const transport = of('transport');
  const pair = of('candidate-pair', ({ id }) => id === transport?.selectedCandidatePairId);
  return {
    picture: video ? `${video.frameWidth} × ${video.frameHeight} · ${Math.round(video.framesPerSecond)} fps` : '',
    route: pair ? route(connection, pair, of) : '',
  };
}

function route(connection, pair, of) {
  const local = of('local-candidate', ({ id }) => id === pair.localCandidateId);
  const remote = of('remote-candidate', ({ id }) => id === pair.remoteCandidateId);
  const isRelayed = [local, remote].some((it) => it?.candidateType === 'relay');
  const parts = [isRelayed ? 'relayed' : 'direct', local?.protocol, latency(pair), rate(connection, pair)];
  return parts.filter(Boolean).join(' · ');
}

function latency({ currentRoundTripTime }) {
  return currentRoundTripTime === undefined ? '' : `${Math.max(1, Math.round(currentRoundTripTime * 1000))} ms`;
}

function rate(connection, { bytesReceived, timestamp }) {
  const last = before.get(connection);
  before.set(connection, { bytesReceived, timestamp });
  const kilobits = last && (8 * (bytesReceived - last.bytesReceived)) / (timestamp - last.timestamp);
  if (!(kilobits >= 0)) {
    return '';
  }
  return kilobits < 1000 ? `${Math.round(kilobits)} kbit/s` : `${(kilobits / 1000).toFixed(1)} Mbit/s`;
}
