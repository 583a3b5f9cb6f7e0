import type { ContractView } from '../../views/contract'
import { attributesIn, attributesText } from '../data/attributes-text'

/** What is written of an event: the data as JSON, and attributes, one on each line as `name=value`. */
export interface WrittenEvent {
  readonly type: string
  readonly data: string
  readonly attributes: string
}

/** Beyond this a link is no pleasure to pass on. */
const longestData = 1_500

/** What a link says: `?type=order.placed&source=/shop&data={…}`; what it leaves out comes from the contracts. */
export function eventIn(query: URLSearchParams, contracts: readonly ContractView[]): WrittenEvent {
  const { type: named, data, ...attributes } = Object.fromEntries(query) as Record<string, string>
  const type = named ?? (contracts.find(({ kind }) => kind === 'event') ?? contracts[0])?.name ?? ''
  return {
    type,
    data: data === undefined ? exampleOf(type, contracts) : indented(data),
    attributes: attributesText(attributes),
  }
}

export function exampleOf(type: string, contracts: readonly ContractView[]): string {
  return JSON.stringify(contracts.find(({ name }) => name === type)?.examples[0] ?? {}, null, 2)
}

export interface ReadEvent {
  /** A CloudEvent; undefined where the data is no JSON. */
  readonly event: Readonly<Record<string, unknown>> | undefined
  readonly unreadable?: string
  /** Of a link that leads to the same event; data that is too long is left out. */
  readonly query: Readonly<Record<string, string>>
}

export function readEvent({ type, data, attributes }: WrittenEvent): ReadEvent {
  const given = Object.entries(attributesIn(attributes)).filter(([, value]) => value !== '')
  const query = { ...Object.fromEntries(given), type }
  try {
    const parsed: unknown = JSON.parse(data)
    const short = JSON.stringify(parsed)
    return { event: { ...query, data: parsed }, query: short.length > longestData ? query : { ...query, data: short } }
  } catch (error) {
    return { event: undefined, unreadable: (error as Error).message, query }
  }
}

/** What is no JSON is a text, such as that of a message of text/plain. */
function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return JSON.stringify(text)
  }
}
