interface ChoiceProps<T extends string> {
  readonly label: string
  readonly options: readonly T[]
  readonly chosen: T | undefined
  readonly choose: (option: T) => void
}

/** One of a few; a single one is only told. */
export function Choice<T extends string>({ label, options, chosen, choose }: ChoiceProps<T>) {
  if (options.length === 1) return <span class="tag">{options[0]}</span>
  return (
    <div class="segmented low" role="group" aria-label={label}>
      {options.map((option) => (
        <button key={option} type="button" aria-pressed={option === chosen} onClick={() => choose(option)}>
          {option}
        </button>
      ))}
    </div>
  )
}
