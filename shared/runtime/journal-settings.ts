import { Type } from 'typebox'
import { facts } from './setting-facts'

/** What nobody wants in a journal. */
export const usuallyRedacted: readonly string[] = [
  'password',
  'secret',
  'clientSecret',
  'token',
  'accessToken',
  'refreshToken',
  'apiKey',
  'authorization',
  'cardNumber',
  'cvc',
  'cvv',
  'iban',
]

export const journal = {
  JOURNAL_SAMPLE: Type.Number({
    ...facts({
      description:
        'The share of messages whose steps go into the journal: 1 all, 0 none. Give all services the same, so that they choose the same messages.',
      allowed: 'a number from 0 to 1, such as 0.05',
      default: 1,
    }),
    minimum: 0,
    maximum: 1,
  }),
  JOURNAL_DATA_BYTES: Type.Integer({
    ...facts({
      description:
        'Up to how many bytes the journal keeps what a message carried, which the console shows and looks through: 0 nothing at all. What JOURNAL_REDACT names is left out of it. Give all services the same.',
      default: 0,
    }),
    minimum: 0,
    maximum: 262_144,
  }),
  JOURNAL_REDACT: Type.Optional(
    Type.Array(Type.String({ pattern: String.raw`^[^\s,.]+(\.[^\s,.]+)*$` }), {
      ...facts({
        description: `What the journal never keeps of data, beside ${usuallyRedacted.join(', ')}: fields by name, at any depth and in any case, or by path from the top, * for any one. Without those where the list begins with none.`,
        allowed: 'names such as customerEmail and paths such as card.number or items.*.price, separated by commas',
        whenMissing: 'nothing beside those',
      }),
      minItems: 1,
    }),
  ),
}
