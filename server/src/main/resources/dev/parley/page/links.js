// SPDX-License-Identifier: Apache-2.0

const LINK = /https?:\/\/[^\s<>"']+/g;

/** Ends a sentence rather than the link before it. */
const AFTER = /[.,;:!?)\]}]+$/;

/** Returns a text as nodes in which web addresses are links, opened in a tab that knows nothing of this page. */
export function withLinks(text) {
  const nodes = [];
  let end = 0;
  for (const { 0: match, index } of text.matchAll(LINK)) {
    const address = match.replace(AFTER, '');
    if (URL.canParse(address)) {
      nodes.push(text.slice(end, index), link(address));
      end = index + address.length;
    }
  }
  return [...nodes, text.slice(end)];
}

function link(address) {
  const { href } = new URL(address);
  const attributes = { href, textContent: address, target: '_blank', rel: 'noopener noreferrer' };
  return Object.assign(document.createElement('a'), attributes);
}
