import { setTimeout as pause } from 'node:timers/promises'
import { handler, type Handler } from '../../services/consumer/handler'
import { Reject } from '../../services/consumer/reject'
import { makeQuote } from './messages'
import { articles } from './articles'

const insertQuote = 'insert into quotes (quote_id, total_cents) values ($1, $2)'

/** What it returns is the caller's result, and what it rejects with is what the caller reads. */
const quote = handler(makeQuote, { group: 'quotes' }, async ({ quoteId, article, pieces }, { db }) => {
  const known = articles.get(article)
  if (known === undefined) throw new Reject(`nobody sells "${article}"`)
  await pause(known.workMs)
  const totalCents = pieces * known.priceCents
  await db.run(insertQuote, [quoteId, totalCents])
  return { quoteId, totalCents }
})

export const handlers: readonly Handler[] = [quote]
