import type { KeyRoute, TopologyNode, TopologyView } from '../../views/topology'
import { listed, many } from '../data/format'
import { plainName } from './names'

/** What differs, in the order of its weight; empty where nothing does. */
export function differenceWords({ summary }: Pick<TopologyView, 'summary'>): string {
  const { missing, differing, extra, missingBindings, extraBindings, unsafe } = summary
  const parts: readonly (readonly [number, string])[] = [
    [missing, `${many(missing, 'object')} missing`],
    [missingBindings, `${many(missingBindings, 'binding')} missing`],
    [differing, `${differing} differing`],
    [extra, `${extra} extra`],
    [extraBindings, many(extraBindings, 'extra binding')],
    [unsafe, `${many(unsafe, 'queue')} under an unsafe policy`],
  ]
  return listed(parts.filter(([number]) => number > 0).map(([, words]) => words))
}

/** Where a key leads, told as a person would. */
export function pathWords(route: KeyRoute, namespace: string): string {
  const plain = (name: string) => plainName(name, namespace)
  const untold =
    route.untold.length === 0
      ? []
      : [`${listed(route.untold.map(plain))} asks for headers: a key does not tell where that leads.`]
  const missed =
    route.missed.length === 0
      ? []
      : [
          `${route.missed.length === 1 ? 'A missing binding' : 'Missing bindings'} to ${listed(route.missed.map(({ name }) => plain(name)))} would want it as well.`,
        ]
  const declared = route.by === 'what is declared' ? ['As declared; what stands cannot be seen.'] : []
  return [wayWords(route, plain), ...missed, ...untold, ...declared].join(' ')
}

type Plain = (name: string) => string

function wayWords(route: KeyRoute, plain: Plain): string {
  const { exchange, routingKey, through, alternates, queues, lost } = route
  const start = exchange === '' ? 'the nameless exchange' : plain(exchange)
  if (lost === 'no such exchange') return `There is no exchange ${start}: whoever publishes to it loses the channel.`
  if (queues.length === 0)
    return `“${routingKey}” from ${start} leads to no queue${exchange === '' ? '' : ', and no alternate exchange takes it'}. Whoever publishes is told that it is unroutable.`
  const reached = `${queues.length === 1 ? 'the queue' : `${queues.length} queues:`} ${listed(queues.map(({ name }) => plain(name)))}`
  if (alternates.length > 0)
    return `No binding of ${start} wants “${routingKey}”, so that it goes by the alternate exchange ${listed(alternates.map(plain))} into ${reached}.`
  const onwards = through.slice(1)
  const by = onwards.length === 0 ? '' : ` by ${listed(onwards.map(plain))}`
  return `“${routingKey}” from ${start} goes${by} into ${reached}.`
}

/** What is wrong with an object, or that nothing is. */
export function stateWords({ state, attended, policy, kind, role }: TopologyNode): string {
  const about: Readonly<Record<TopologyNode['state'], string>> = {
    there: kind === 'group' || kind === 'service' ? '' : 'Stands as declared.',
    missing: 'Declared, and not there. A service makes it at its start, as does npx handoff topology apply.',
    differing: 'Stands with other facts than declared; they cannot be changed while it stands.',
    extra: 'Bears the name of this namespace, and nobody declares it. It is left alone.',
    outside: 'Of another name, and bound to what is ours. Nothing else of it was looked at.',
  }
  const idle = attended === 'by nobody' ? 'Nobody consumes it: messages wait until a consumer runs.' : ''
  const unsafe = (policy?.unsafe.length ?? 0) > 0 ? 'A policy weakens what it promises.' : ''
  const purpose = role === 'dead' ? 'Dead letters rest here until a person replays or discards them.' : ''
  return [about[state], idle, unsafe, purpose].filter(Boolean).join(' ')
}
