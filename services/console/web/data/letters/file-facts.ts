/** What a file says of itself, before anything is sent. */
export interface FileFacts {
  readonly letters: number
  /** How many there are of each group. */
  readonly groups: Readonly<Record<string, number>>
  readonly unreadable: number
}

export function factsOf(text: string): FileFacts {
  const groups: Record<string, number> = {}
  let unreadable = 0
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  for (const line of lines) {
    const group = groupOf(line)
    if (group === undefined) unreadable++
    else groups[group] = (groups[group] ?? 0) + 1
  }
  return { letters: lines.length, groups, unreadable }
}

function groupOf(line: string): string | undefined {
  try {
    const { group } = JSON.parse(line) as { group?: unknown }
    return typeof group === 'string' ? group : undefined
  } catch {
    return undefined
  }
}
