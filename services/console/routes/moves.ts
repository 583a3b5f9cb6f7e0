import { changeWords, type Sides } from '../../../shared/operations/routes/change-words'
import type { ChangeOfHands, Hands } from '../../../shared/operations/routes/hands'
import type { ChangeView, MoveView } from '../views/routes'

/** So many kinds are told of; rules that bring about more are past being read as a table. */
const mostMoves = 200

/** Counts changes that are alike. */
export class Moves {
  readonly #counts = new Map<string, { readonly move: Omit<MoveView, 'count'>; count: number }>()

  add({ from, to }: Pick<ChangeOfHands, 'from' | 'to'>): void {
    const words = movedWords(from, to)
    const text = JSON.stringify(words)
    const found = this.#counts.get(text) ?? { move: { words }, count: 0 }
    found.count++
    this.#counts.set(text, found)
  }

  /** The most frequent first. */
  view(): readonly MoveView[] {
    return [...this.#counts.values()]
      .map(({ move, count }) => ({ ...move, count }))
      .sort((a, b) => b.count - a.count)
      .slice(0, mostMoves)
  }
}

export function changeView(change: ChangeOfHands): ChangeView {
  return { ...change, words: joined(changeWords(change.from, change.to)) }
}

/** Each message has a key for itself: by it none would be like another. */
function movedWords(from: Hands, to: Hands): Sides {
  const withoutKey = changeWords({ ...from, partitionKey: null }, { ...to, partitionKey: null })
  const key: readonly Sides[] = from.partitionKey === to.partitionKey ? [] : [['the key', 'another key']]
  return joined([...withoutKey, ...key])
}

function joined(sides: readonly Sides[]): Sides {
  return [sides.map(([before]) => before).join('; '), sides.map(([, after]) => after).join('; ')]
}
