import { findBroker } from '../../../scripts/broker/find-broker'
import type { Search } from '../../../scripts/broker/found-broker'
import { localBroker } from '../../../scripts/broker/local-broker'

function search(env: NodeJS.ProcessEnv): Search & { said: string[] } {
  const said: string[] = []
  return { env, directory: '/nowhere', say: (line) => said.push(line), ask: undefined, said }
}

test.each(['BROKER_URL', 'AMQP_URL', 'RABBITMQ_URL', 'CLOUDAMQP_URL'])(
  '%s is the broker, and then no other',
  async (name) => {
    const asked = search({ [name]: 'amqp://user:secret@127.0.0.1:1,amqp://user:secret@127.0.0.1:2' })
    const finding = findBroker(asked)
    await expect(finding).rejects.toThrow(
      `the broker that ${name} names cannot be used (127.0.0.1:1: nothing listens there (connection refused); ` +
        `127.0.0.1:2: nothing listens there (connection refused)); start it, correct or unset ${name}`,
    )
    expect(asked.said.join()).not.toContain('secret')
  },
)

test('one behind TLS is taken at its word, as only the services hold its certificates', async () => {
  const url = 'amqps://user:secret@broker.invalid'
  const broker = await findBroker(search({ BROKER_URL: url }))
  expect(broker.url).toBe(url)
  expect(broker.how).toBe('a broker that was not tried, named by BROKER_URL')
})

test("a broker on this machine's usual port is the first choice, and is not ours to stop", async () => {
  const way = await localBroker()
  if (!('broker' in way)) return expect(way.why).toContain('127.0.0.1:5672')
  const broker = await findBroker(search({}))
  expect(broker.how).toMatch(/^RabbitMQ \d+\.\d+\.\d+ on 127\.0\.0\.1:5672$/)
  await broker.stop()
  expect(await localBroker()).toMatchObject({ broker: { url: broker.url } })
})
