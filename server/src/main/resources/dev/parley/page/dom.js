// SPDX-License-Identifier: Apache-2.0
// Short names for what every module of the page does with its elements.

export const $ = (id) => document.getElementById(id);

/** Returns all elements that a selector finds. */
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];

/** Changes a text only if it differs: a screen reader reads out every change in a live region. */
export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/** Returns the elements that start an action. */
export const buttonsOf = (action) => all(`[data-action="${action}"]`);

/** Sets the visible text of the buttons of an action, which is also their accessible name. */
export function label(action, text) {
  buttonsOf(action).forEach((button) => setText(button.querySelector('.label'), text));
}
