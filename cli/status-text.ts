import { plain } from './plain'
import { tableOf } from './table'

interface Relative {
  readonly id: string
  readonly type: string
  readonly state: string
}

interface TimelineStep {
  readonly step: string
  readonly at: string
  readonly group?: string
  readonly attempt?: number
  readonly [fact: string]: unknown
}

/** As the producer answers it. */
export interface Status extends Relative {
  readonly source: string
  readonly correlationId?: string
  readonly causationId?: string
  readonly groups: readonly { readonly name: string; readonly state: string; readonly attempt: number }[]
  readonly timeline: readonly TimelineStep[]
  readonly children: readonly Relative[]
  readonly related: readonly Relative[]
}

/** A message's state for a person to read: facts, groups, steps with the time since the first, relatives. */
export function statusText(status: Status): string {
  const { id, source, type, state, correlationId, causationId, groups, timeline, children, related } = status
  return [
    ...table(
      ['state', plain(state)],
      ['type', type],
      ['id', id],
      ['source', source],
      ...lineage(causationId, correlationId),
    ),
    ...section(
      'groups',
      groups.map(({ name, state: of, attempt }) => [name, of, attempt === 0 ? '' : `attempt ${attempt}`]),
    ),
    ...section('steps', stepRows(timeline)),
    ...section('followed from it', children.map(relativeRow)),
    ...section('belongs to the same whole', related.map(relativeRow)),
  ].join('\n')
}

function lineage(causationId: string | undefined, correlationId: string | undefined): readonly string[][] {
  return [
    ...(causationId === undefined ? [] : [['follows', causationId]]),
    ...(correlationId === undefined ? [] : [['whole', correlationId]]),
  ]
}

function section(title: string, rows: readonly (readonly string[])[]): readonly string[] {
  return rows.length === 0 ? [] : ['', title, ...table(...rows)]
}

function table(...rows: readonly (readonly string[])[]): readonly string[] {
  const [first = [], ...others] = rows.map((row) => ['', ...row.map((cell) => plain(cell))])
  return tableOf(first, others)
}

function stepRows(timeline: readonly TimelineStep[]): readonly string[][] {
  const begun = Date.parse(timeline[0]?.at ?? '')
  return timeline.map(({ step, at, group = '', attempt, ...facts }) => [
    at,
    `+${Date.parse(at) - begun} ms`,
    step,
    group,
    [...(attempt === undefined ? [] : [`attempt ${attempt}`]), ...factsOf(facts)].join(', '),
  ])
}

function factsOf(facts: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(facts).map(([name, value]) =>
    name === 'groups' ? `to ${(value as readonly string[]).join(' and ')}` : `${name} ${String(value)}`,
  )
}

function relativeRow({ id, type, state }: Relative): readonly string[] {
  return [id, type, state]
}
