import type { FieldTable } from './field-values'

/** Headers that are to be written (written-headers.ts), as amqplib would hand them over when it has read them. */
export function headersAsRead(headers: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, asRead(value)]))
}

function asRead(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value
  if (Array.isArray(value)) return value.map(asRead)
  if (!Object.hasOwn(value, '!')) return headersAsRead(value as FieldTable)
  const { '!': type, value: inner } = value as FieldTable
  if (type === 'decimal') return value
  return type === 'timestamp' ? { '!': type, value: Number(inner) } : Number(inner)
}
