import fastify from 'fastify'
import { addBodyBudget } from '../../../services/producer/http/body-budget'
import { asProblem } from '../../../shared/runtime/problem-error'
import { sendProblem } from '../../../shared/runtime/problem-reply'
import { atEnd } from '../../support/ends'

function appWithBudget() {
  const work = Promise.withResolvers<void>()
  const begun = Promise.withResolvers<void>()
  const app = fastify()
  atEnd(() => app.close())
  app.setErrorHandler((error, _request, reply) => sendProblem(reply, asProblem(error)))
  addBodyBudget(app, { bodyLimit: 60, maxBytes: 100 })
  app.post('/slow', async () => {
    begun.resolve()
    await work.promise
    return {}
  })
  const post = (payload: string) =>
    app.inject({ method: 'POST', url: '/slow', headers: { 'content-type': 'text/plain' }, payload })
  return { post, begun: begun.promise, finish: work.resolve }
}

test('a body that would go over the budget is not accepted until those at work are answered', async () => {
  const { post, begun, finish } = appWithBudget()
  const first = post('x'.repeat(60))
  await begun
  const refused = await post('x'.repeat(41))
  expect([refused.statusCode, refused.json()]).toEqual([503, expect.objectContaining({ outcome: 'not_accepted' })])
  const fits = post('x'.repeat(40))
  finish()
  expect([(await first).statusCode, (await fits).statusCode]).toEqual([200, 200])
  expect((await post('x'.repeat(60))).statusCode).toBe(200)
})
