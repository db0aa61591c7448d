/**
 * Browsers also report a resting pointer when something scrolls or is drawn below it. That must not override the
 * keyboard. Of the mouse's events only `mousemove` says how far the pointer was moved (Pointer Lock).
 */
export function hasMoved({ movementX, movementY }: MouseEvent): boolean {
  return movementX !== 0 || movementY !== 0;
}
