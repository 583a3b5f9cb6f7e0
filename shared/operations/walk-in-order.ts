import type { DeadLetter, DeadLetters, Decision, Walk } from '../messaging/dead-letters'
import type { GroupTopology } from '../messaging/transport'

/**
 * Walks, and rejects with what `decide` rejects with, once the walk has come to its end: broken off, it would put the letter
 * that it was at behind all the others.
 */
export async function walkInOrder(
  deadLetters: DeadLetters,
  group: GroupTopology,
  decide: (letter: DeadLetter) => Decision | Promise<Decision>,
): Promise<Walk> {
  let failed: { readonly error: unknown } | undefined
  const walk = await deadLetters.walk(group, async (letter) => {
    try {
      return await decide(letter)
    } catch (error) {
      failed = { error }
      return 'enough'
    }
  })
  if (failed !== undefined) throw failed.error
  return walk
}
