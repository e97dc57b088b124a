// SPDX-License-Identifier: Apache-2.0
import type { StreamMetadata } from './signals.js';

/** So many labels of a peer are kept, the latest ones. Each is as long as a message at most. */
const MOST = 64;

/** What a peer says its tracks are, each right before the offer that brings it. */
export class Labels {
  readonly #labels = new Map<string, StreamMetadata>();
  readonly #unclaimed = new Set<string>();

  /** Sets the label of a track; without metadata it has none any more. */
  put(trackId: string, metadata: StreamMetadata | undefined): void {
    this.#delete(trackId);
    if (metadata) {
      this.#labels.set(trackId, metadata);
      this.#unclaimed.add(trackId);
    }
    if (this.#labels.size > MOST) {
      this.#delete([...this.#labels.keys()][0] ?? '');
    }
  }

  /**
   * Returns the metadata of a track that has come. Browsers that send it in a line of the description they had received
   * in before give it another id there than the sender knows: then it is the one that was said first and has not come.
   *
   * @param isExact whether the sender is known to be of this package, which never sends in such a line: a track without
   *     metadata is not taken for another one then
   */
  take(trackId: string, isExact: boolean): StreamMetadata | undefined {
    const id = isExact || this.#labels.has(trackId) ? trackId : [...this.#unclaimed][0];
    if (id === undefined) {
      return undefined;
    }
    this.#unclaimed.delete(id);
    return this.#labels.get(id);
  }

  #delete(trackId: string): void {
    this.#labels.delete(trackId);
    this.#unclaimed.delete(trackId);
  }
}
