interface Props<T extends string> {
  name: string;
  options: readonly { id: T; name: string }[];
  chosen: T;
  onChoose: (id: T) => void;
}

export function Choice<T extends string>({ name, options, chosen, onChoose }: Props<T>) {
  return (
    <label>
      {name}{' '}
      <select value={chosen} onChange={({ currentTarget }) => onChoose(currentTarget.value as T)}>
        {options.map((option) => (
          <option key={option.id} value={option.id}>
            {option.name}
          </option>
        ))}
      </select>
    </label>
  );
}
