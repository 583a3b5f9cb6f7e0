/** Makes a value anew at most so often, however many ask; `now` in milliseconds. */
export function remembered<K, V>(ms: number, now: () => number, make: (key: K) => V): (key: K) => V {
  const made = new Map<K, { readonly at: number; readonly value: V }>()
  return (key) => {
    const known = made.get(key)
    if (known !== undefined && now() - known.at < ms) return known.value
    const value = make(key)
    made.set(key, { at: now(), value })
    return value
  }
}
