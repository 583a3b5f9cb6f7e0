import { createHash } from 'node:crypto'

/** A type of message that a ledger can follow to its effects. */
export interface Kind {
  readonly type: string
  /** A body of its own for each subject, so that a mix-up shows. */
  readonly body: (subject: string) => Readonly<Record<string, string | number>>
  /** For each group that takes the type: what the row of the effect must say. */
  readonly effects: Readonly<Record<string, (subject: string) => readonly (string | number)[]>>
}

const emailOf = (subject: string) => `${subject.toLowerCase()}@example.com`
const amountOf = (subject: string) => 1 + (createHash('sha256').update(subject).digest().readUInt32BE() % 1_000_000)

/** An event of two groups. */
export const orders: Kind = {
  type: 'order.placed',
  body: (orderId) => ({ orderId, customerEmail: emailOf(orderId), amountCents: amountOf(orderId), currency: 'CHF' }),
  effects: {
    ledger: (orderId) => [amountOf(orderId), 'CHF'],
    mail: (orderId) => [emailOf(orderId)],
  },
}

/** A command, whose handler works in an open transaction. */
export const payments: Kind = {
  type: 'payment.capture',
  body: (paymentId) => ({ paymentId, amountCents: amountOf(paymentId) }),
  effects: { payments: (paymentId) => [amountOf(paymentId)] },
}

/** Where the effects of a group lie: queries whose rows are a subject, the message's id and the facts. */
export const effectsOf: Readonly<Record<string, string>> = {
  ledger: 'select order_id as subject, message_id, amount_cents as fact_1, currency as fact_2 from ledger_entries',
  mail: `select replace(subject, 'Your order ', '') as subject, message_id, recipient as fact_1 from mails`,
  payments: 'select payment_id as subject, message_id, amount_cents as fact_1 from captures',
}

export function hashOf(values: string | readonly unknown[]): string {
  const text = typeof values === 'string' ? values : JSON.stringify(values.map(String))
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
