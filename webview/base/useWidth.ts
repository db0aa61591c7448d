import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

/**
 * The width of an element in whole pixels, as it changes. One that is not shown has none: the last one stays, so that what is
 * drawn with it, and what it has been told, stay too.
 */
export function useWidth<E extends HTMLElement>(): [RefObject<E | null>, number] {
  const element = useRef<E>(null);
  const [width, setWidth] = useState(600);
  useLayoutEffect(() => {
    if (!element.current) return;
    const set = (pixels: number) => setWidth((last) => Math.floor(pixels) || last);
    set(element.current.clientWidth);
    const observer = new ResizeObserver(([entry]) => entry && set(entry.contentRect.width));
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return [element, width];
}
