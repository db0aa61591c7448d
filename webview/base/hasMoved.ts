/**
 * Browsers tell of a resting pointer, too, when something scrolls or is drawn below it. That must not take the place of
 * the keyboard. Of the mouse's events `mousemove` alone says how far the pointer was moved (Pointer Lock).
 */
export function hasMoved({ movementX, movementY }: MouseEvent): boolean {
  return movementX !== 0 || movementY !== 0;
}
