import { isUtf8 } from 'node:buffer'
import type { DeadLetter } from '../shared/messaging/dead-letters'
import { plain } from './plain'

/** A dead letter for a person to read: facts, properties, headers, body, stack. */
export function letterText(letter: DeadLetter): string {
  const { body, stack, headers, properties, ...facts } = letter
  // The stack has its own place below, with its lines.
  const others = Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'handoff-stack'))
  return [
    pairs(facts),
    `\nproperties\n${pairs(properties)}`,
    `\nheaders\n${pairs(others)}`,
    `\nbody, ${body.length} bytes\n${bodyText(body)}`,
    ...(stack === undefined ? [] : [`\nstack\n${plain(stack, 'block')}`]),
  ].join('\n')
}

function pairs(facts: Readonly<Record<string, unknown>>): string {
  const known = Object.entries(facts).filter(([, value]) => value !== undefined)
  const width = Math.max(0, ...known.map(([name]) => name.length))
  return known.map(([name, value]) => `  ${plain(name).padEnd(width)}  ${plain(valueText(value))}`).join('\n')
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
