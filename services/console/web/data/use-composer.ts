import { useState } from 'preact/hooks'
import type { ContractView } from '../../views/contract'
import { place } from '../router'
import { attributesIn, attributesText } from './attributes-text'
import { initialOf, type Schema } from './schema'
import { deliver, type Parcel } from './send-many'
import type { SendState } from './send-state'
import type { Draft } from './sent-before'
import { useVerdict } from './use-verdict'

export type Tab = 'form' | 'json' | 'lines'

export interface ComposerState {
  readonly tab: Tab
  readonly setTab: (tab: Tab) => void
  readonly data: unknown
  readonly change: (data: unknown) => void
  /** The data as JSON, also while it cannot be read. */
  readonly text: string
  readonly changeText: (text: string) => void
  readonly unreadable: string | undefined
  /** One message's data on each line. */
  readonly lines: string
  readonly setLines: (lines: string) => void
  readonly headers: Readonly<Record<string, string>>
  readonly setHeaders: (headers: Readonly<Record<string, string>>) => void
  /** Extension attributes, `NAME=VALUE` on each line. */
  readonly attributes: string
  readonly setAttributes: (attributes: string) => void
  readonly times: number
  readonly setTimes: (times: number) => void
  /** What the server finds wrong with the data, by pointer. */
  readonly errors: ReadonlyMap<string, string>
  readonly count: number
  readonly result: SendState
  readonly send: () => void
}

/** Data and headers of a message to be, as a form and as JSON at once. */
export function useComposer(contract: ContractView, draft: Draft | undefined): ComposerState {
  const [tab, setTab] = useState<Tab>(draft === undefined || isExact(draft.text) ? 'form' : 'json')
  const written = useWritten(contract, draft)
  const [lines, setLines] = useState(() => contract.examples.map((each) => JSON.stringify(each)).join('\n'))
  const [headers, setHeaders] = useState<Readonly<Record<string, string>>>(draft?.headers ?? {})
  const [attributes, setAttributes] = useState(() => attributesText(draft?.attributes ?? {}))
  const [times, setTimes] = useState(1)
  const [result, setResult] = useState<SendState>(undefined)
  // As it is written: read and written again, a long number would be another.
  const body = tab === 'json' ? written.text : JSON.stringify(written.data)
  const bodies = tab === 'lines' ? linesIn(lines) : copiesOf(body, times)
  const given = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== ''))
  const extensions = attributesIn(attributes)
  const parcels = bodies.map((body): Parcel => ({ type: contract.name, headers: given, attributes: extensions, body }))
  return {
    ...{ tab, setTab, ...written, lines, setLines, headers, setHeaders, attributes, setAttributes, times, setTimes },
    errors: useVerdict(contract.name, written.unreadable === undefined ? body : JSON.stringify(written.data)),
    count: parcels.length,
    result,
    send: () => void deliver(parcels, setResult),
  }
}

type Written = Pick<ComposerState, 'data' | 'change' | 'text' | 'changeText' | 'unreadable'>

function useWritten(contract: ContractView, draft: Draft | undefined): Written {
  const [data, setData] = useState(() => (draft === undefined ? begun(contract) : (JSON.parse(draft.text) as unknown)))
  const [text, setText] = useState(() => draft?.text ?? JSON.stringify(data, null, 2))
  const [unreadable, setUnreadable] = useState<string | undefined>(undefined)
  const change = (next: unknown) => {
    setData(next)
    setText(JSON.stringify(next, null, 2))
    setUnreadable(undefined)
  }
  const changeText = (next: string) => {
    setText(next)
    try {
      setData(JSON.parse(next))
      setUnreadable(undefined)
    } catch (error) {
      setUnreadable((error as Error).message)
    }
  }
  return { data, change, text, changeText, unreadable }
}

function begun({ examples, schema }: ContractView): unknown {
  return fromLink() ?? examples[0] ?? initialOf(schema as Schema)
}

/** Whether it says the same when it was read and written again: a long number does not. */
function isExact(text: string): boolean {
  return JSON.stringify(JSON.parse(text), null, 2) === text
}

function linesIn(text: string): readonly string[] {
  return text.split('\n').filter((line) => line.trim() !== '')
}

/** `{n}` in a text becomes the number of each, where there are several. */
function copiesOf(body: string, times: number): readonly string[] {
  return times === 1 ? [body] : Array.from({ length: times }, (_, at) => body.replaceAll('{n}', String(at + 1)))
}

/** A link may bring the data: `#/send/TYPE?data=…`. */
function fromLink(): unknown {
  const text = place.value.query.get('data')
  if (text === null) return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
