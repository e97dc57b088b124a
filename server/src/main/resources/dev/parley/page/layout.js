// SPDX-License-Identifier: Apache-2.0
// How large tiles can be that lie in rows on a stage.

/** The shape of most pictures. */
const PICTURE = 16 / 9;

/** Pictures fill tiles that are narrower by so much; their sides are cut off. A little less than tile.js allows. */
const NARROWEST = PICTURE * (1 - 0.38);

/**
 * Returns `width` and `height` of tiles, of which `count` fit with `gap` between them: in so many columns that whole
 * pictures are as large as possible, and as high beyond that as pictures can fill.
 */
export function tileSize(count, { width, height, gap }) {
  let best = { picture: 0, width: 0, height: 0 };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const cellWidth = (width - gap * (columns - 1)) / columns;
    const cellHeight = (height - gap * (rows - 1)) / rows;
    const picture = Math.min(cellWidth, cellHeight * PICTURE);
    if (picture > best.picture) {
      best = {
        picture,
        width: Math.floor(picture),
        height: Math.floor(Math.min(cellHeight, picture / NARROWEST)),
      };
    }
  }
  return { width: best.width, height: best.height };
}
