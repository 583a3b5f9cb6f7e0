/**
 * Whether a dotted name fits a pattern as AMQP 0-9-1 has it for topic exchanges (section 3.1.3.3): `*` stands for
 * exactly one word, `#` for any number of them, also none.
 */
export function fitsTopic(pattern: string, name: string): boolean {
  return fits(pattern.split('.'), name.split('.'))
}

function fits(pattern: readonly string[], words: readonly string[]): boolean {
  // Which words may come next: a pattern with many # would take for ever if each way were walked on its own.
  let reached = new Set([0])
  for (const part of pattern) {
    const next = new Set<number>()
    for (const at of reached) {
      if (part === '#') for (let to = at; to <= words.length; to++) next.add(to)
      else if (at < words.length && (part === '*' || part === words[at])) next.add(at + 1)
    }
    reached = next
  }
  return reached.has(words.length)
}
