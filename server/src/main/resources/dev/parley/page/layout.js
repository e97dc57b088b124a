// SPDX-License-Identifier: Apache-2.0
// How large tiles can be that lie in rows on a stage.

const WIDEST = 16 / 9;

/** On an upright stage, as on a phone held in the hand, tiles may stand upright, too. */
const NARROWEST = { lying: 0.85, upright: 3 / 4 };

/** The largest size, of `width` and `height`, that lets `count` tiles fit with `gap` between them. */
export function tileSize(count, { width, height, gap }) {
  const narrowest = width > height ? NARROWEST.lying : NARROWEST.upright;
  let best = { width: 0, height: 0 };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const cellWidth = (width - gap * (columns - 1)) / columns;
    const cellHeight = (height - gap * (rows - 1)) / rows;
    const size = {
      width: Math.floor(Math.min(cellWidth, cellHeight * WIDEST)),
      height: Math.floor(Math.min(cellHeight, cellWidth / narrowest)),
    };
    if (size.width * size.height > best.width * best.height) {
      best = size;
    }
  }
  return best;
}
