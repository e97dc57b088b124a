// SPDX-License-Identifier: Apache-2.0
import { type ComponentPropsWithoutRef, createElement, type ReactElement, useEffect, useRef } from 'react';
import type { Playback } from '../media/index.js';

export interface VideoProps extends Omit<ComponentPropsWithoutRef<'video'>, 'src'> {
  readonly stream: MediaStream | undefined;

  /** Plays it without sound where the browser blocks that, and then with sound by {@link Playback.start}. */
  readonly playback?: Playback;
}

/** A `<video>` that plays a stream, in the page also on phones. `muted` is for the user's own picture. */
export function Video({ stream, playback, ...attributes }: VideoProps): ReactElement {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const element = video.current;
    if (!element) {
      return undefined;
    }
    element.srcObject = stream ?? null;
    if (stream && playback) {
      void playback.play(element);
    }
    return () => playback?.forget(element);
  }, [stream, playback]);
  return createElement('video', { autoPlay: true, playsInline: true, ...attributes, ref: video });
}
