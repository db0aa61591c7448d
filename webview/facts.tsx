import type { PanelFact } from '../src/protocol/panel.ts';

export function Facts({ facts }: { facts: readonly PanelFact[] }) {
  return (
    <dl>
      {facts.map(({ name, value }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
