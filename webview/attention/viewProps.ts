import type { AttentionPanel } from '../../src/protocol/panels/attention.ts';
import type { AttentionMap } from '../../src/protocol/results.ts';
import type { Colours } from '../base/colours.ts';
import type { PageProps } from '../base/page.tsx';
import type { Scale } from '../base/palette.ts';
import type { AttentionOptions } from './options.ts';

export type AttentionProps = PageProps<AttentionPanel, AttentionOptions>;

/** What every view of the panel is given. */
export interface ViewProps extends AttentionProps {
  colours: Colours;
}

/** What the views of an opened map share. */
export interface MapProps extends ViewProps {
  map: AttentionMap;
  scale: Scale;
  /** What the numbers are: weights, or their products with gradients. */
  unit: string;
  title: string;
  /** The cell of the query whose keys are listed. */
  query: number;
  /** The cell that the editor points at: it is scrolled to. */
  sought: number | null;
  /** A token of the map is pointed at, by its cell; null: no longer. */
  onQuery: (query: number | null) => void;
}
