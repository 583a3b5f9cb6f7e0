import { catalogue } from '../shared/messages/catalogue'
import { eventInQuestion } from '../shared/operations/event-in-question'
import type { Sampled } from '../shared/operations/routes/compare-routes'
import { UsageError } from './usage-error'

export interface SampleParts {
  /** For a person: the name of the file, or `standard input`. */
  readonly place: string
  /** The `source` of events that name none. */
  readonly source: string
  /** RFC 3339. */
  readonly now: string
}

/** One event as JSON, over however many lines, or one for each line. Throws a {@link UsageError} that names the line. */
export function eventSample(bytes: Buffer, parts: SampleParts): readonly Sampled[] {
  if (isWhole(bytes)) return [eventOf(bytes, parts.place, parts)]
  const lines = bytes.toString('utf8').split('\n')
  return lines.flatMap((line, at) =>
    line.trim() === '' ? [] : [eventOf(Buffer.from(line), `${parts.place}:${at + 1}`, parts)],
  )
}

function isWhole(bytes: Buffer): boolean {
  try {
    JSON.parse(bytes.toString('utf8'))
    return true
  } catch {
    // What is broken as well is told as what it is: of one line, or of several.
    return !bytes.includes('\n') || bytes.toString('utf8').trim() === ''
  }
}

function eventOf(json: Buffer, place: string, { source, now }: SampleParts): Sampled {
  const asked = eventInQuestion(json, { catalogue, source, now })
  if (asked.kind !== 'event') throw new UsageError(`${place}: ${asked.detail}`)
  return { type: asked.type, event: asked.event }
}
