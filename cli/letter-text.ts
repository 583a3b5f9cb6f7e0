import { isUtf8 } from 'node:buffer'
import type { DeadLetter } from '../shared/messaging/dead-letters'
import { plain } from './plain'

/** What a schema finds wrong, and where: an RFC 6901 pointer. */
export interface Finding {
  readonly pointer: string
  readonly detail: string
}

/** A dead letter for a person to read: facts, properties, headers, body, what its schema finds wrong with that, stack. */
export function letterText(letter: DeadLetter, findings: readonly Finding[]): string {
  // Data and extensions stand in the body and the headers.
  const { body, stack, headers, properties, data: _, extensions: __, ...facts } = letter
  // The stack has its own place below, with its lines.
  const others = Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'handoff-stack'))
  return [
    pairs(facts),
    `\nproperties\n${pairs(properties)}`,
    `\nheaders\n${pairs(others)}`,
    `\nbody, ${body.length} bytes\n${bodyText(body)}`,
    ...(findings.length === 0 ? [] : [`\nwhat the schema finds wrong\n${findingLines(findings)}`]),
    ...(stack === undefined ? [] : [`\nstack\n${plain(stack, 'block')}`]),
  ].join('\n')
}

function pairs(facts: Readonly<Record<string, unknown>>): string {
  const known = Object.entries(facts).filter(([, value]) => value !== undefined)
  const width = Math.max(0, ...known.map(([name]) => name.length))
  return known.map(([name, value]) => `  ${plain(name).padEnd(width)}  ${plain(valueText(value))}`).join('\n')
}

function findingLines(findings: readonly Finding[]): string {
  const places = findings.map(({ pointer }) => plain(pointer === '' ? '(the whole)' : pointer))
  const width = Math.max(...places.map(({ length }) => length))
  return findings.map(({ detail }, at) => `  ${(places[at] ?? '').padEnd(width)}  ${plain(detail)}`).join('\n')
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function bodyText(body: Buffer): string {
  if (!isUtf8(body)) return `${body.toString('base64')} (base64, it is no text)`
  const text = body.toString('utf8')
  try {
    return plain(JSON.stringify(JSON.parse(text), undefined, 2), 'block')
  } catch {
    return plain(text, 'block')
  }
}
