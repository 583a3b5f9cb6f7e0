import { isJson } from '../json-text'
import type { WholeLetter } from './letters'

/** A command that has the producer take the data anew, for all groups; undefined where the type is not known. */
export function curlOf(letter: WholeLetter, producerUrl: string): string | undefined {
  const { type, contentType, bodyBase64 } = letter
  if (type === undefined) return undefined
  const data = dataOf(letter)
  const media = contentType === undefined ? '' : ` -H ${quoted(`content-type: ${contentType}`)}`
  const url = quoted(`${producerUrl}/messages/${encodeURIComponent(type.toWellFormed())}`)
  if (data !== undefined) return `curl${media} --data-raw ${quoted(data)} ${url}`
  return `echo ${bodyBase64 ?? ''} | base64 -d | curl${media} --data-binary @- ${url}`
}

/** The message as JSON for a test: with what it died of, and without what its death wrote on it. */
export function fixtureOf(letter: WholeLetter, group: string): string {
  const { id, source, type, contentType, route, headers, reason, error, attempts, bodyBase64 } = letter
  const own = Object.entries(headers).filter(
    ([name]) => !/^(handoff-|x-death$|x-first-death-|x-last-death-)/.test(name),
  )
  const facts = { id, source, type, contentType, route, headers: Object.fromEntries(own) }
  const data = dataOf(letter)
  const members = [
    ...membersOf(facts),
    // As it is written, since a number may have more digits than a double.
    data === undefined ? member('dataBase64', bodyBase64) : isJson(data) ? `"data": ${data}` : member('data', data),
    ...membersOf({ died: { group, reason, error, attempts } }),
  ]
  return `{\n  ${members.join(',\n  ')}\n}\n`
}

/** What a schema speaks of, as text; undefined for bytes that are none. */
export function dataOf({ data, body }: Pick<WholeLetter, 'data' | 'body'>): string | undefined {
  return data ?? body
}

function membersOf(facts: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(facts).flatMap(([name, value]) => (value === undefined ? [] : [member(name, value)]))
}

function member(name: string, value: unknown): string {
  return `${JSON.stringify(name)}: ${JSON.stringify(value)}`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
