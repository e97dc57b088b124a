// SPDX-License-Identifier: Apache-2.0

import { $, setText } from '/dom.js';
import { Deliveries } from '/deliveries.js';
import { withLinks } from '/links.js';

/** The most messages that the log keeps. */
const MOST = 200;

/** The sender of what this user says. */
const OWN = '';

/** The panel of the chat. */
export class Chat {
  /** How many messages came while the panel was closed. */
  unread = 0;
  deliveries = new Deliveries();
  #panel = $('chat');
  #log = $('log');
  #list = $('log').querySelector('ol');
  #form = $('chat').querySelector('form');
  #items = new Map();

  /** What the log says about those whose messages are left out, by the id of the person. */
  #omissions = new Map();
  #people;
  #send;

  /**
   * @param people returns those who can receive a message now
   * @param send sends `id`, `text` and `isDirect`; fails with a `ParleyError`
   */
  constructor({ people, send }) {
    this.#people = people;
    this.#send = send;
    this.deliveries.addEventListener('change', ({ detail }) => this.#showDelivery(detail));
    this.#form.onsubmit = (event) => {
      event.preventDefault();
      const { text } = this.#form.elements;
      if (text.value.trim() !== '') {
        this.#say(text.value);
        text.value = '';
      }
    };
  }

  get isOpen() {
    return !this.#panel.hidden;
  }

  /** Shows a message of another participant. */
  receive({ id, name }, text, isDirect) {
    this.#add(id, name, text, isDirect);
    this.unread = this.isOpen ? 0 : this.unread + 1;
  }

  /** Says once that a message of this person is left out. */
  omit({ id, name }) {
    if (!this.#omissions.get(id)?.isConnected) {
      const item = this.#add(id, name, 'Some messages are left out: too many at once.', false);
      item.classList.add('omission');
      this.#omissions.set(id, item);
    }
  }

  /** The panel was opened. */
  opened() {
    this.unread = 0;
    this.#log.scrollTop = this.#log.scrollHeight;
  }

  clear() {
    this.#list.replaceChildren();
    this.#items.clear();
    this.#omissions.clear();
    this.deliveries.clear();
    this.unread = 0;
  }

  #say(text) {
    const isDirect = $('ways').querySelector(':checked').value === 'direct';
    const id = crypto.getRandomValues(new Uint32Array(2)).join('-');
    const item = this.#add(OWN, 'You', text, isDirect);
    this.#items.set(id, item);
    item.dataset.id = id;
    item.querySelector('.delivery button').onclick = () => {
      item.remove();
      this.#forget(item);
      this.#say(text);
    };
    this.deliveries.expect(id, this.#people());
    this.#send(id, text, isDirect).catch((error) => this.deliveries.fail(id, error.code ?? 'failed'));
  }

  #add(sender, name, text, isDirect) {
    const item = $('message').content.cloneNode(true).firstElementChild;
    item.dataset.sender = sender;
    const now = new Date();
    const time = item.querySelector('time');
    item.querySelector('.name').textContent = name;
    time.dateTime = now.toISOString();
    time.textContent = now.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
    item.querySelector('.way').textContent = isDirect ? 'peer to peer' : '';
    item.querySelector('.text').append(...withLinks(text));
    this.#list.append(item);
    if (this.#list.children.length > MOST) {
      this.#removeOne();
    }
    this.#log.scrollTop = this.#log.scrollHeight;
    return item;
  }

  /** Removes the oldest message of somebody who sends too many, so that those of others stay; else the oldest. */
  #removeOne() {
    const items = [...this.#list.children];
    const item = items.find(({ dataset }) => this.#omissions.has(dataset.sender)) ?? items[0];
    item.remove();
    this.#forget(item);
  }

  #forget(item) {
    this.#items.delete(item.dataset.id);
    this.deliveries.forget(item.dataset.id);
  }

  #showDelivery({ id, words, hasFailed }) {
    const place = this.#items.get(id)?.querySelector('.delivery');
    if (place) {
      place.hidden = words === '';
      setText(place.querySelector('span'), words);
      place.querySelector('button').hidden = !hasFailed;
      this.#log.scrollTop = this.#log.scrollHeight;
    }
  }
}
