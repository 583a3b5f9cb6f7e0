/** The broker is killed while a caller waits: he may lose the result, and the work is done, once. */
import { eventually } from '../support/eventually'
import { useOwnBroker } from '../support/own-broker'
import { expectNothingLeft } from './effects'
import { replyStage } from './reply-stage'

const broker = useOwnBroker()

// A node that boots again on a busy machine takes its time.
jest.setTimeout(240_000)

test('a broker that is killed while a caller waits', async () => {
  const stage = await replyStage(broker.url, { NAMESPACE: 'restarted' })
  const asking = stage.ask('waits', { seconds: 5 })
  await stage.arrived(1)
  await broker.kill()
  await stage.openGate()
  expect(await asking).toMatchObject({ status: 202, body: { outcome: 'confirmed' } })
  await broker.start()
  await eventually('a result is told again', async () => (await stage.ask('returns')).status === 200, {
    withinMs: 60_000,
  })
  await expectNothingLeft(broker.management, stage)
  const [{ tasks, effects } = {}] = await stage.rows(
    "select count(distinct message_id) as tasks, count(*) as effects from mails where recipient = 'tasks'",
  )
  expect(effects).toBe(tasks)
})
