/** What the inference process is told by its environment. */

/** A file in which the hashes of weights are kept from one process to the next; absent: they are not. */
export const hashesVariable = 'WHYTOKEN_HASHES';
