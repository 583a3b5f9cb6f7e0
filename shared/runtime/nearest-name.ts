/** The known name that takes the fewest changed, added or removed letters to reach. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const wanted = name.toUpperCase()
  const ranked = known.map((candidate) => ({ candidate, distance: editDistance(wanted, candidate.toUpperCase()) }))
  return ranked.sort((a, b) => a.distance - b.distance)[0]?.candidate
}

function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...to].entries()) {
      const substituted = (row[j] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(substituted, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
