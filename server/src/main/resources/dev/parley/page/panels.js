// SPDX-License-Identifier: Apache-2.0

import { $, buttonsOf } from '/dom.js';

const PANELS = ['chat', 'settings', 'hood'];

/** The panels beside the stage, of which one is open at most, and the menu of the toolbar. Event: `change`. */
export class Panels extends EventTarget {
  #opener = null;

  constructor() {
    super();
    document.addEventListener('click', ({ target }) => target.closest('.more') ?? this.closeMenu());
  }

  /** The id of the panel that is open; undefined if none is. */
  get current() {
    return PANELS.find((id) => !$(id).hidden);
  }

  /** @param opener the element that has the focus again when the panel is closed */
  toggle(id, opener) {
    const isOpen = this.current === id;
    this.close();
    if (!isOpen) {
      this.#opener = opener.closest('.menu') ? $('more-button') : opener;
      this.#show(id);
      ($(id).querySelector('[name="text"]') ?? $(id).querySelector('.panel-head button')).focus();
    }
  }

  /** Closes the panel; returns whether one was open. */
  close() {
    const { current } = this;
    if (current) {
      this.#show(undefined);
      this.#opener?.focus();
    }
    return current !== undefined;
  }

  toggleMenu() {
    const isOpen = $('more').hidden;
    $('more').hidden = !isOpen;
    $('more-button').setAttribute('aria-expanded', isOpen);
    if (isOpen) {
      $('more').querySelector('button').focus();
    }
  }

  /** Closes the menu; returns whether it was open. */
  closeMenu() {
    const wasOpen = !$('more').hidden;
    $('more').hidden = true;
    $('more-button').setAttribute('aria-expanded', false);
    return wasOpen;
  }

  /** Closes the menu if the button is an item of it. */
  closeMenuAfter(button) {
    if (button.closest('.menu')) {
      this.closeMenu();
    }
  }

  #show(open) {
    for (const id of PANELS) {
      $(id).hidden = id !== open;
      buttonsOf(id).forEach((button) => button.setAttribute('aria-expanded', id === open));
    }
    this.dispatchEvent(new Event('change'));
  }
}
