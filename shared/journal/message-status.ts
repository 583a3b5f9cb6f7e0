import type { JournalRow, JournalTable } from '../store/journal-table'
import type { Told } from './entry'
import { extended, inOrder } from './history'
import { storable } from './key'
import { stateOf, type StateOfAll } from './state'
import type { StepMessage, ToldStep } from './step'
import { stepsOf } from './step-text'

/** A message with which another shares its cause or its whole. */
export interface Relative {
  readonly id: string
  readonly source: string
  readonly type: string
  readonly state: string
}

export interface MessageStatus extends StateOfAll {
  readonly message: StepMessage
  /** In the order of their times. */
  readonly steps: readonly ToldStep[]
  /** Messages that followed from it; at most {@link mostRelatives}. */
  readonly children: readonly Relative[]
  /** Other messages of the same whole; at most {@link mostRelatives}. */
  readonly related: readonly Relative[]
}

export interface StatusParts {
  readonly table: Pick<JournalTable, 'find' | 'followers' | 'family'>
  /** What has been told and may not be in the table yet. */
  readonly recent: (id: string) => readonly Told[]
}

export const mostRelatives = 100
const mostSources = 20

/** `several`: the id is one of several sources, of which some are named. */
export type FoundMessage =
  | { readonly kind: 'one'; readonly status: MessageStatus }
  | { readonly kind: 'several'; readonly sources: readonly string[] }
  | { readonly kind: 'none' }

/** What is known of the message with this id, and of this source where one is given. Rejects as the table does. */
export async function findMessage(
  given: { readonly id: string; readonly source: string | undefined },
  { table, recent }: StatusParts,
): Promise<FoundMessage> {
  const id = storable(given.id)
  const source = given.source === undefined ? undefined : storable(given.source)
  // In this order: what is on its way from one to the other meanwhile is met twice, not never.
  const fresh = recent(id).filter(({ message }) => source === undefined || message.source === source)
  const rows = await table.find(id, source, mostSources)
  const sources = new Set([...rows, ...fresh.map(({ message }) => message)].map((each) => each.source))
  const [only] = sources
  if (only === undefined) return { kind: 'none' }
  if (sources.size > 1) return { kind: 'several', sources: [...sources] }
  return { kind: 'one', status: await statusOf(id, { row: rows[0], fresh, table }) }
}

interface Found {
  readonly row: JournalRow | undefined
  readonly fresh: readonly Told[]
  readonly table: StatusParts['table']
}

async function statusOf(id: string, { row, fresh, table }: Found): Promise<MessageStatus> {
  const message = { ...messageOf(row), ...fresh.at(-1)?.message } as StepMessage
  const kept = row === undefined ? [] : stepsOf(row.steps)
  const steps = extended(
    kept,
    fresh.flatMap((each) => each.steps),
  )
  const children = await table.followers(id, mostRelatives)
  const family = await table.family(message.correlationId ?? id, mostRelatives)
  const known = new Set([id, ...children.map((child) => child.id)])
  return {
    message,
    ...stateOf(steps),
    steps: inOrder(steps),
    children: children.map(relativeOf),
    related: family.filter((each) => !known.has(each.id)).map(relativeOf),
  }
}

function messageOf(row: JournalRow | undefined): Partial<StepMessage> {
  if (row === undefined) return {}
  const { id, source, type, correlationId, causationId } = row
  return {
    id,
    source,
    type,
    ...(correlationId !== undefined && { correlationId }),
    ...(causationId !== undefined && { causationId }),
  }
}

function relativeOf({ id, source, type, state }: JournalRow): Relative {
  return { id, source, type, state }
}
