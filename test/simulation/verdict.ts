import { groups, type Behaviour } from './domain'
import type { Sent } from './driver'
import type { Content } from './broker/protocol'
import type { World } from './world'

const never: readonly Behaviour[] = ['fails', 'refuses', 'kills', 'hangs']
/** What has no reason to become a dead letter, but that its process was killed from outside again and again. */
const innocent: readonly Behaviour[] = ['works', 'fails once', 'fails three times']

/** Four, and of each copy that is there besides the first, which nobody has a reason to note. */
const mostStarts = 16

/** What is left undone, or has been done wrongly; empty when every promise was kept. */
export function verdict(world: World, sent: readonly Sent[]): readonly string[] {
  const deadly = sent.some(({ behaviour }) => behaviour === 'kills')
  // Copies in two processes that die by a killer are counted together.
  const excused = world.faults.has('consumer killed') || (world.consumers > 1 && deadly)
  return [
    ...world.wrongs,
    ...world.broker.wrongs,
    ...sent.flatMap((message) =>
      faultsOf(message, whereabouts(world, message), { excused, replayed: world.replayed.has(message.id) }),
    ),
    ...disorder(world, sent),
    ...[...world.kills]
      .filter(([, times]) => times > mostStarts)
      .map(([name, times]) => `KILLER: ${name} ended its process ${times} times`),
  ]
}

/** Whether nothing is under way any more: every accepted message is where it stays. */
export function isSettled(world: World, sent: readonly Sent[]): boolean {
  const moving = [...world.broker.queues.values()].filter(({ name }) => !/\.(dead|unrouted)\.v1$/.test(name))
  if (moving.some(({ messages }) => messages > 0)) return false
  return sent.every(
    (message) => message.acceptedAs === undefined || missing(message, whereabouts(world, message)).length === 0,
  )
}

interface Whereabouts {
  /** The names of groups that have its effect; once for each time. */
  readonly effects: readonly string[]
  /** Of those that have its dead letter. */
  readonly parked: readonly string[]
  /** Why, as the dead letters say. */
  readonly reasons: readonly string[]
  readonly unrouted: number
}

function whereabouts({ database, broker }: World, { n, id }: Sent): Whereabouts {
  const effects = database.effects.filter(({ write }) => write.params[0] === n)
  const held = (queue: string) =>
    (broker.queues.get(queue)?.ready ?? []).filter(({ properties }) => properties['messageId'] === id)
  const dead = groups.map(({ name }) => ({ name, letters: held(`simulated.${name}.dead.v1`) }))
  return {
    effects: effects.map(({ key }) => key.group),
    parked: dead.filter(({ letters }) => letters.length > 0).map(({ name }) => name),
    reasons: dead.flatMap(({ letters }) => letters.map(reasonOf)),
    unrouted: held('simulated.unrouted.v1').length,
  }
}

/** A dead letter without one is the broker's own: it came back too often. */
function reasonOf({ properties }: Content): string {
  const { 'handoff-reason': reason = 'delivery limit' } = (properties['headers'] ?? {}) as { 'handoff-reason'?: string }
  return reason
}

function wanting({ type }: Sent): readonly string[] {
  return groups.filter(({ types }) => types.includes(type)).map(({ name }) => name)
}

/** Groups that have neither its effect nor its dead letter. */
function missing(sent: Sent, { effects, parked, unrouted }: Whereabouts): readonly string[] {
  const wanted = wanting(sent)
  if (unrouted > 0 && sent.type.kind === 'command') return []
  if (wanted.length === 0) return unrouted > 0 ? [] : ['unrouted']
  return wanted.filter((group) => !effects.includes(group) && !parked.includes(group))
}

function faultsOf(
  sent: Sent,
  found: Whereabouts,
  { excused, replayed }: { excused: boolean; replayed: boolean },
): readonly string[] {
  const { effects, parked, reasons, unrouted } = found
  const told = sent.answers.join(', ')
  const name = `${sent.id} (${sent.type.name}, ${sent.behaviour}; told ${told})`
  const faults = []
  if (sent.acceptedAs !== undefined)
    for (const group of missing(sent, found)) faults.push(`LOST: ${name}: nothing of it in ${group}`)
  if (new Set(effects).size < effects.length) faults.push(`TWICE: ${name}: effects in ${effects.join(', ')}`)
  // Of two dead letters with one id a person may have replayed the first before the second came.
  for (const group of parked.filter((each) => effects.includes(each) && !replayed))
    faults.push(`BOTH: ${name}: an effect and a dead letter in ${group}, which says: ${reasons.join(', ')}`)
  if (never.includes(sent.behaviour) && effects.length > 0)
    faults.push(`UNEXPECTED: ${name}: its handler never succeeds, and there is an effect in ${effects.join(', ')}`)
  if (innocent.includes(sent.behaviour) && reasons.some((reason) => reason !== 'crash' || !excused))
    faults.push(`PARKED: ${name}: an innocent, as ${reasons.join(', ')}`)
  const refused = sent.answers.every((answer) => answer === 'not_accepted' || answer === 'unroutable')
  if (refused && effects.length + parked.length + unrouted > 0)
    faults.push(`UNEXPECTED: ${name}: it was refused, and is in ${[...effects, ...parked].join(', ') || 'unrouted'}`)
  return faults
}

/**
 * Messages with one ordering key come to their queue in the order in which they were accepted, but for those that never
 * wait in the spool.
 */
function disorder({ broker }: World, sent: readonly Sent[]): readonly string[] {
  const log = broker.queues.get('simulated.one.v1')?.log ?? []
  const firsts = new Map<string, number>()
  for (const [at, { properties }] of log.entries()) {
    const id = String(properties['messageId'])
    if (!firsts.has(id)) firsts.set(id, at)
  }
  const keyed = sent.filter(
    ({ key, acceptedAs, id, type }) =>
      key !== undefined && acceptedAs !== undefined && firsts.has(id) && type.acceptance !== 'confirm',
  )
  const inOrder = [...keyed].sort((a, b) => Number(a.acceptedAs) - Number(b.acceptedAs))
  return [...new Set(inOrder.map(({ key }) => key))].flatMap((key) => {
    const ofKey = inOrder.filter((each) => each.key === key)
    return ofKey.flatMap((each, at) => {
      const before = ofKey[at - 1]
      return before !== undefined && Number(firsts.get(before.id)) > Number(firsts.get(each.id))
        ? [`ORDER: ${each.id} came to its queue before ${before.id}, which was accepted first under the key ${key}`]
        : []
    })
  })
}
