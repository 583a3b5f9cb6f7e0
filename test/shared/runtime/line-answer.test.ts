import { text } from 'node:stream/consumers'
import type { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import { answerLines } from '../../../shared/runtime/line-answer'

/** A reply that keeps its stream, for a caller who reads it later. */
function laterRead() {
  let sent: Readable | undefined
  const reply = {
    type: () => reply,
    send: (stream: Readable) => {
      sent = stream
      return reply
    },
  }
  return { reply: reply as unknown as FastifyReply, all: () => text(sent as Readable) }
}

const signal = new AbortController().signal
const failed = () => 'failed'

test('a caller who is behind gets the last line all the same', async () => {
  const { reply, all } = laterRead()
  await answerLines(reply, {
    signal,
    failed,
    work: ({ begin, offer }) => {
      begin()
      for (let line = 0; line < 1_000; line++) offer('x'.repeat(1_000))
      return Promise.resolve('the end')
    },
  })
  const lines = (await all()).trim().split('\n')
  expect(lines.length).toBeLessThan(1_000)
  expect(lines.at(-1)).toBe('the end')
})

test('without a last line it ends with those that were written', async () => {
  const { reply, all } = laterRead()
  await answerLines(reply, { signal, failed, work: ({ write }) => write('one') })
  expect(await all()).toBe('one\n')
})
