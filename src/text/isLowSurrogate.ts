/** Whether the second half of a character stands at a UTF-16 offset, so that nothing may be cut in front of it. */
export function isLowSurrogate(text: string, index: number): boolean {
  const unit = text.charCodeAt(index);
  return unit >= 0xdc00 && unit <= 0xdfff;
}
