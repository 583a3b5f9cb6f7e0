/** Each star may take any characters; without one, all of the text is compared. Goes on from star to star and never back. */
export function wildcard(pattern: string): (text: string) => boolean {
  const parts = pattern.toLowerCase().split('*')
  return (given) => {
    const text = given.toLowerCase()
    const [first = '', ...rest] = parts
    const last = rest.pop()
    if (last === undefined) return text === first
    if (!text.startsWith(first)) return false
    let at = first.length
    for (const part of rest) {
      const found = text.indexOf(part, at)
      if (found < 0) return false
      at = found + part.length
    }
    return text.length - last.length >= at && text.endsWith(last)
  }
}
