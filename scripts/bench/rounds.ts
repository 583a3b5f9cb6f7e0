/**
 * Lets each contestant have its turn in each round, every other round in reverse order, so that a machine that becomes
 * slower or faster favours none; and every other time another one first, since who has two turns one after the other has
 * his memory at hand in the second. The first round warms up and is not counted. Rejects before the next turn once the
 * signal has aborted.
 */
export async function alternate<C extends { readonly name: string }, S>(
  contestants: readonly C[],
  { rounds, asked }: { readonly rounds: number; readonly asked: AbortSignal },
  turn: (contestant: C) => Promise<S>,
): Promise<ReadonlyMap<string, readonly S[]>> {
  const samples = new Map<string, S[]>(contestants.map(({ name }) => [name, []]))
  for (let round = 0; round <= rounds; round++) {
    for (const contestant of orderIn(round, contestants)) {
      if (asked.aborted) throw new Error(`stopped: ${String(asked.reason)}`)
      const sample = await turn(contestant)
      if (round > 0) samples.get(contestant.name)?.push(sample)
    }
  }
  return samples
}

function orderIn<C>(round: number, contestants: readonly C[]): readonly C[] {
  const first = Math.floor(round / 2) % contestants.length
  const order = [...contestants.slice(first), ...contestants.slice(0, first)]
  return round % 2 === 0 ? order : order.reverse()
}
