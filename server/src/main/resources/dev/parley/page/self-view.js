// SPDX-License-Identifier: Apache-2.0
// One's own small picture in a call of two: dragged to any corner of the stage, or moved there with the arrow keys.

/** Pointer movements shorter than this, in pixels, are a click. */
const CLICK_PX = 6;

const CLOCKWISE = {
  'bottom right': 'bottom left',
  'bottom left': 'top left',
  'top left': 'top right',
  'top right': 'bottom right',
};
const KEYS = { ArrowUp: ['top', 0], ArrowDown: ['bottom', 0], ArrowLeft: ['left', 1], ArrowRight: ['right', 1] };

/**
 * Lets the user move a picture by its handle.
 *
 * @param picture has the corner as `data-corner`, such as `bottom right`
 */
export function movable(picture, handle, stage) {
  const place = (corner) => (picture.dataset.corner = corner);
  let start = null;
  place('bottom right');

  handle.onpointerdown = (event) => {
    start = { x: event.clientX, y: event.clientY };
    handle.setPointerCapture(event.pointerId);
  };
  handle.onpointermove = ({ clientX, clientY }) => {
    if (start) {
      picture.style.translate = `${clientX - start.x}px ${clientY - start.y}px`;
    }
  };
  handle.onpointerup = ({ clientX, clientY }) => {
    const isClick = start && Math.hypot(clientX - start.x, clientY - start.y) < CLICK_PX;
    if (start && !isClick) {
      place(nearestCorner(picture, stage));
    }
    picture.style.translate = '';
    start = null;
    handle.dataset.dragged = String(!isClick);
  };
  handle.onpointercancel = () => {
    picture.style.translate = '';
    start = null;
  };
  handle.onclick = () => {
    if (handle.dataset.dragged !== 'true') {
      place(CLOCKWISE[picture.dataset.corner]);
    }
    delete handle.dataset.dragged;
  };
  handle.onkeydown = (event) => {
    const [side, index] = KEYS[event.key] ?? [];
    if (side) {
      event.preventDefault();
      const corner = picture.dataset.corner.split(' ');
      corner[index] = side;
      place(corner.join(' '));
    }
  };
}

function nearestCorner(picture, stage) {
  const [inner, outer] = [picture.getBoundingClientRect(), stage.getBoundingClientRect()];
  const isTop = inner.top + inner.height / 2 < outer.top + outer.height / 2;
  const isLeft = inner.left + inner.width / 2 < outer.left + outer.width / 2;
  return `${isTop ? 'top' : 'bottom'} ${isLeft ? 'left' : 'right'}`;
}
