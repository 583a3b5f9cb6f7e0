import { connect } from 'amqplib'
import { brokerObjectsOf } from '../../scripts/reset/broker-objects'
import { findQueues } from '../../scripts/reset/delete-objects'
import type { OpenBroker } from '../../scripts/reset/open-broker'
import { resetBroker, type Consent } from '../../scripts/reset/reset-broker'
import { groups } from '../../shared/messages/groups'
import { useBroker } from '../support/broker'
import { atEnd } from '../support/ends'
import { startService } from '../support/service'

const broker = useBroker()

/** A namespace that a producer has declared and left, with one message in it. */
async function declaredNamespace(namespace: string) {
  const producer = await startService('producer', { BROKER_URL: broker.url, NAMESPACE: namespace })
  const headers = { 'content-type': 'text/plain' }
  await fetch(`${producer.url}/messages/hello`, { method: 'POST', headers, body: 'Hello!' })
  producer.kill('SIGTERM')
  await producer.exited
  const connection = await connect(broker.url)
  atEnd(() => connection.close())
  const open: OpenBroker = { connection, place: 'the test broker' }
  return { open, objects: brokerObjectsOf(namespace, groups) }
}

async function reset(namespace: string, ask: Consent['ask']) {
  const { open, objects } = await declaredNamespace(namespace)
  const said: string[] = []
  const result = await resetBroker(open, objects, { ask, namespace, say: (line) => said.push(line) }).catch(
    (error: Error) => error.message,
  )
  const left = await findQueues(open.connection, objects.queues)
  const journal = await findQueues(open.connection, [objects.journal])
  expect(journal).toHaveLength(left.length > 0 ? 1 : 0)
  // Nothing had to wait, so that no delay level was made.
  const standing = objects.queues.filter((name) => !name.includes('.delay.'))
  return { result, said, left: left.length, all: standing.length }
}

test('deletes every queue of the namespace once that is granted, and shows what was in them', async () => {
  const { result, said, left, all } = await reset('granted', 'granted')
  expect(said).toContain('granted.greetings.v1: 1 message')
  expect(said.at(-1)).toBe(`deleted ${all} queues, the journal and the exchanges at the test broker`)
  expect({ result, left }).toEqual({ result: 'gone', left: 0 })
})

test('asks with the number of queues and messages and the place; a no keeps all', async () => {
  const questions: string[] = []
  const no = (question: string) => Promise.resolve(questions.push(question) < 0)
  const { result, left, all } = await reset('asked', no)
  expect(questions).toEqual([
    `Delete these ${all} queues with 1 message, and the journal, at the test broker, and .handoff/?`,
  ])
  expect({ result, left }).toEqual({ result: 'kept', left: all })
})

test('refuses where nobody can be asked, and names the way out', async () => {
  const { result, left, all } = await reset('nobody', 'nobody')
  expect(result).toContain('npm run reset -- --yes nobody')
  expect(left).toBe(all)
})

test('refuses, granted or not, while a consumer is attached', async () => {
  await startService('consumer', { BROKER_URL: broker.url, NAMESPACE: 'used' })
  const { result, left, all } = await reset('used', 'granted')
  expect(result).toContain('consumers are attached to used.ledger.v1')
  expect(left).toBe(all)
})
