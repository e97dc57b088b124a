// SPDX-License-Identifier: Apache-2.0

const LINK = /https?:\/\/[^\s<>"']+/g;

/** Ends a sentence rather than the link before it. */
const AFTER = '.,;:!?)]}';

/** The most links of one text. What follows them is text. */
const MOST_LINKS = 20;

/** Returns a text as nodes in which web addresses are links, opened in a tab that knows nothing of this page. */
export function withLinks(text) {
  const nodes = [];
  let end = 0;
  let links = 0;
  for (const { 0: match, index } of text.matchAll(LINK)) {
    const address = withoutEnd(match);
    if (URL.canParse(address)) {
      nodes.push(text.slice(end, index), link(address));
      end = index + address.length;
      if (++links === MOST_LINKS) {
        break;
      }
    }
  }
  return [...nodes, text.slice(end)];
}

/** A loop, as a regular expression that is anchored at the end alone takes quadratic time. */
function withoutEnd(match) {
  let length = match.length;
  while (AFTER.includes(match[length - 1])) {
    length--;
  }
  return match.slice(0, length);
}

function link(address) {
  const { href } = new URL(address);
  const attributes = { href, textContent: address, target: '_blank', rel: 'noopener noreferrer' };
  return Object.assign(document.createElement('a'), attributes);
}
