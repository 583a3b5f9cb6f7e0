import type { DeadLetter, KeptLetter } from '../messaging/dead-letters'
import { OperationError } from './operation-error'

/** A dead letter in a file: which group's it was, and all of it. */
export interface LetterLine {
  readonly group: string
  readonly kept: KeptLetter
}

const version = 1

/**
 * A kept letter as one line of JSON: `version`, `group`, `properties`, `headers` and `bodyBase64` are what it is made of
 * again; `id`, `source`, `type`, `reason`, `deadAt` and `route` are there for a reader.
 */
export function lineOf(
  { id, source, type, reason, deadAt, route }: DeadLetter,
  { group, kept: { body, properties, headers } }: LetterLine,
): string {
  const facts = { id, source, type, reason, deadAt, route }
  return JSON.stringify({ version, group, ...facts, properties, headers, bodyBase64: body.toString('base64') })
}

/** What {@link lineOf} wrote; throws an {@link OperationError} with why when it is no such line. */
export function readLine(line: string): LetterLine {
  const { version: said, group, properties, headers, bodyBase64 } = objectIn(line)
  if (said !== version) throw new OperationError(`version is ${JSON.stringify(said)}; this program reads ${version}`)
  if (typeof group !== 'string')
    throw new OperationError('group is missing: the name of the group that it is a dead letter of')
  return {
    group,
    kept: {
      body: bytesOf(bodyBase64),
      properties: recordOf('properties', properties),
      headers: recordOf('headers', headers),
    },
  }
}

function objectIn(line: string): Readonly<Record<string, unknown>> {
  try {
    return recordOf('the line', JSON.parse(line))
  } catch (error) {
    if (error instanceof OperationError) throw error
    // The engine's own message quotes the line, which may be secret.
    throw new OperationError('it is not JSON')
  }
}

function recordOf(what: string, value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new OperationError(`${what} is no JSON object`)
}

function bytesOf(base64: unknown): Buffer {
  const bytes = Buffer.from(String(base64), 'base64')
  // Buffer.from leaves out what is no base64 without a word.
  if (bytes.toString('base64') === base64) return bytes
  throw new OperationError('bodyBase64 is no base64')
}
