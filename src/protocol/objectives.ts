/** The scalar f that is explained: z_t − z_foil, z_t, log p_t or p_t. */
export const objectives = ['contrast', 'logit', 'log-prob', 'probability'] as const;
export type Objective = (typeof objectives)[number];

/** What replaces a token's embedding `wte[id]`: zeros, the mean row of `wte`, or the row of `<|endoftext|>`. */
export const baselines = ['zero', 'mean', 'eot'] as const;
export type Baseline = (typeof baselines)[number];
