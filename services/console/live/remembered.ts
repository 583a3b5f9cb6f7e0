/** Makes a value anew at most so often, however many ask; `now` in milliseconds. A clock that was set back has it made anew. */
export function remembered<K, V>(ms: number, now: () => number, make: (key: K) => V): (key: K) => V {
  const made = new Map<K, { readonly at: number; readonly value: V }>()
  return (key) => {
    const known = made.get(key)
    const age = known === undefined ? Infinity : now() - known.at
    if (known !== undefined && age >= 0 && age < ms) return known.value
    const value = make(key)
    made.set(key, { at: now(), value })
    return value
  }
}
