// SPDX-License-Identifier: Apache-2.0
// What is written in the call: over the server, or from browser to browser.

const MOST = 200;

export class Chat extends EventTarget {
  /** How many were written while nobody looked. */
  unread = 0;
  #panel;
  #list;
  #form;

  /** Event `say` gives `text` and `isDirect`. */
  constructor(panel) {
    super();
    this.#panel = panel;
    this.#list = panel.querySelector('ol');
    this.#form = panel.querySelector('form');
    this.#form.onsubmit = (event) => {
      event.preventDefault();
      const { text, way } = this.#form.elements;
      if (text.value.trim() !== '') {
        const isDirect = way.value === 'direct';
        this.add('You', text.value, isDirect);
        this.dispatchEvent(new CustomEvent('say', { detail: { text: text.value, isDirect } }));
        text.value = '';
      }
    };
  }

  add(name, text, isDirect) {
    const item = document.createElement('li');
    const parts = { name, way: isDirect ? 'peer to peer' : 'over the server', text };
    for (const [className, content] of Object.entries(parts)) {
      item.append(Object.assign(document.createElement('span'), { className, textContent: content }));
    }
    this.#list.append(item);
    if (this.#list.children.length > MOST) {
      this.#list.firstElementChild.remove();
    }
    this.#list.scrollTop = this.#list.scrollHeight;
    this.unread = this.isOpen ? 0 : this.unread + 1;
  }

  get isOpen() {
    return !this.#panel.hidden;
  }

  /** It has been opened. */
  look() {
    this.unread = 0;
    this.#form.elements.text.focus();
    this.#list.scrollTop = this.#list.scrollHeight;
  }

  clear() {
    this.#list.replaceChildren();
    this.unread = 0;
  }
}
