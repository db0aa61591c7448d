import type { AttentionPanel } from '../../src/protocol/panels/attention.ts';
import type { Colours } from '../base/colours.ts';
import type { PageProps } from '../base/page.tsx';
import type { AttentionOptions } from './options.ts';

export type AttentionProps = PageProps<AttentionPanel, AttentionOptions>;

/** What every view of the panel is given. */
export interface ViewProps extends AttentionProps {
  colours: Colours;
}
