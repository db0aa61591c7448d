/** A command line or an input that cannot be used. The message says on one line what is wrong and what to do. */
export class UsageError extends Error {
  override name = 'UsageError';
}
