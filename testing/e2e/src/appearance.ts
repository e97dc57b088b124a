// SPDX-License-Identifier: Apache-2.0
// What is wrong with how a page looks: faults that axe finds, and controls that are cut off or lie on each other.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Page only. */
declare global {
  var axe: { run(context: Document, options: object): Promise<AxeResults> };
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * Returns what axe finds, except for faults of minor impact, each with its rule and its elements.
 *
 * @param rules by default all
 */
export async function accessibilityFaults(tab: Page, rules?: readonly string[]): Promise<string[]> {
  if (!(await tab.evaluate(() => 'axe' in globalThis))) {
    await tab.evaluate(axe); // evaluated, as the page's policy allows no script from elsewhere
  }
  return tab.evaluate(async (rules) => {
    const options = { resultTypes: ['violations'], ...(rules && { runOnly: rules }) };
    const { violations } = await globalThis.axe.run(document, options);
    const found = violations.filter(({ impact }) => impact !== 'minor');
    return found.flatMap(({ id, impact, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${impact} ${id}: ${target} (${failureSummary})`),
    );
  }, rules);
}

/**
 * Returns what is wrong at a size: a page wider than its window; a control that is not whole on the page, or in a call
 * not whole in the window; one that another one covers; one that is too small for a finger; a text that does not fit
 * its button; a name for screen readers that is not the text others see.
 */
export async function layoutFaults(tab: Page, size: Size): Promise<string[]> {
  await tab.setViewportSize(size);
  return tab.evaluate(async () => {
    const SMALLEST = 44;
    const CONTROLS = 'button, a, input, select';
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    const { documentElement: root, body } = document;
    const faults: string[] = root.scrollWidth > innerWidth ? [`the page is ${root.scrollWidth} wide`] : [];
    const isCall = body.dataset['view'] === 'call';
    const isMenuOpen = document.querySelector('#more')?.checkVisibility() ?? false;
    const height = isCall ? innerHeight : Math.max(innerHeight, root.scrollHeight);
    const nameOf = (element: Element): string =>
      element.getAttribute('aria-label') || element.textContent?.trim() || element.id || element.tagName;
    const overlap = (one: DOMRect, two: DOMRect): boolean =>
      Math.min(one.right, two.right) - Math.max(one.left, two.left) > 1 &&
      Math.min(one.bottom, two.bottom) - Math.max(one.top, two.top) > 1;
    const controls = [...document.querySelectorAll<HTMLElement>(CONTROLS)].filter(
      (it) => it.checkVisibility({ visibilityProperty: true }) && it.closest('.scroll, [role="log"]') === null,
    );
    for (const control of controls) {
      const box = control.getBoundingClientRect();
      const [top, bottom] = [box.top + scrollY, box.bottom + scrollY];
      if (box.left < 0 || box.right > innerWidth || top < 0 || bottom > height) {
        faults.push(`${nameOf(control)} is cut off: ${[box.left, top, box.right, bottom].map(Math.round)}`);
      }
      if (control.tagName === 'BUTTON' && (box.width < SMALLEST || box.height < SMALLEST)) {
        faults.push(`${nameOf(control)} is too small: ${Math.round(box.width)} x ${Math.round(box.height)}`);
      }
      if (control.scrollWidth > control.clientWidth + 1 && control.tagName !== 'INPUT') {
        faults.push(`the text of ${nameOf(control)} does not fit`);
      }
      if (control.hasAttribute('aria-label') && control.innerText.trim() !== '') {
        faults.push(`${control.innerText} is called ${control.getAttribute('aria-label')}`);
      }
      for (const other of isMenuOpen ? [] : controls.slice(controls.indexOf(control) + 1)) {
        if (overlap(box, other.getBoundingClientRect())) {
          faults.push(`${nameOf(control)} and ${nameOf(other)} overlap`);
        }
      }
    }
    return faults;
  });
}

/**
 * Returns what is wrong with how a call of two is shown: the other one large, with 15 % of the picture cut off at most,
 * oneself small.
 */
export function pairFaults(tab: Page): Promise<string[]> {
  return tab.evaluate(() => {
    const MOST_CUT = 0.15;
    const box = (selector: string): DOMRect => document.querySelector(selector)!.getBoundingClientRect();
    const [stage, other, own] = [box('#stage'), box('.other video'), box('#own')];
    const video = document.querySelector<HTMLVideoElement>('.other video')!;
    const [picture, place] = [video.videoWidth / video.videoHeight, other.width / other.height];
    const cut = getComputedStyle(video).objectFit === 'cover' ? 1 - Math.min(picture / place, place / picture) : 0;
    const isSmall = own.width > 80 && own.width < stage.width / 3 && own.height < stage.height / 2;
    const isWithin =
      own.left >= stage.left && own.right <= stage.right && own.top >= stage.top && own.bottom <= stage.bottom;
    const isLarge = other.width === stage.width && other.height === stage.height;
    return [
      ...(cut > MOST_CUT ? [`${Math.round(cut * 100)} % of the other picture is cut off`] : []),
      ...(isLarge ? [] : ['the other picture does not fill the stage']),
      ...(isSmall && isWithin ? [] : ['the own picture is not small on the stage']),
    ];
  });
}
