import type { Content } from '../../../shared/journal/content'
import { changesBetween, type RouteChanges } from '../../../shared/operations/routes/route-changes'
import type { ChangeView, Untold, WhatIfView } from '../views/routes'
import { changeView, Moves } from './moves'
import { pastMessages, type ComparedParts, type PastMessage } from './past-message'
import { untoldWords } from './untold'

export interface WhatIfParts extends ComparedParts {
  /** What a message carried, as far as that is kept. */
  readonly contentOf: (message: PastMessage) => Content | undefined
  readonly signal: AbortSignal
}

const mostTold = 500
/** After so long, whoever else waits for the event loop has it. */
const breathMs = 12

/** Asks both sets of rules about each message. Rejects with the reason of the signal. */
export async function whatIf(messages: readonly PastMessage[], parts: WhatIfParts): Promise<WhatIfView> {
  const { contentOf, signal } = parts
  const compare = pastMessages(parts)
  const changed: ChangeView[] = []
  const moves = new Moves()
  const untold = new Map<Untold, number>()
  let total = 0
  let breathed = performance.now()
  for (const message of messages) {
    if (performance.now() - breathed > breathMs) {
      await new Promise((resolve) => setImmediate(resolve))
      signal.throwIfAborted()
      breathed = performance.now()
    }
    const found = compare(message, contentOf(message))
    if (found.kind === 'untold') untold.set(found.why, (untold.get(found.why) ?? 0) + 1)
    else if (found.change !== undefined) {
      total++
      moves.add(found.change)
      if (changed.length < mostTold) changed.push(changeView(found.change))
    }
  }
  const because = [...untold]
    .map(([why, count]) => ({ why, words: untoldWords[why], count }))
    .sort((a, b) => b.count - a.count)
  return {
    asked: messages.length,
    ...{ total, changed },
    moves: moves.view(),
    untold: { count: because.reduce((sum, { count }) => sum + count, 0), because },
    rules: rulesOf(parts),
  }
}

function rulesOf({ before, after }: WhatIfParts): WhatIfView['rules'] {
  const changes = changesBetween(before.rules, after.rules)
  return { count: after.rules.length, ...changes, words: differenceOf(changes) }
}

function differenceOf({ added, changed, removed }: RouteChanges): string {
  const parts = [
    ['adds', added],
    ['changes', changed],
    ['takes out', removed],
  ] as const
  const told = parts
    .filter(([, names]) => names.length > 0)
    .map(([verb, names]) => `${verb} ${names.map((name) => `“${name}”`).join(', ')}`)
  return told.length === 0 ? 'the same as those in effect' : told.join('; ')
}
