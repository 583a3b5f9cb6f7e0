/** rascal with Express: confirms, persistent, mandatory; acked by hand. */
import express from 'express'
import rascal from 'rascal'
import { brokerUrl, port, prefetch, queue, run } from './peer.mjs'

await run({ publish, consume })

async function open(job) {
  const config = {
    vhosts: {
      '/': {
        connection: brokerUrl,
        exchanges: [''],
        queues: { [queue]: { assert: false, check: true } },
        ...job,
      },
    },
  }
  const broker = await rascal.BrokerAsPromised.create(rascal.withDefaultConfig(config))
  broker.on('error', (error) => console.error(error.message))
  return broker
}

async function publish() {
  const options = { persistent: true, mandatory: true }
  const broker = await open({ publications: { out: { queue, confirm: true, options } } })
  const app = express()
  app.use(express.json())
  app.post('/', async (request, response) => {
    await confirmed(broker, request.body)
    response.status(202).json({ outcome: 'confirmed' })
  })
  await new Promise((resolve) => app.listen(port, '127.0.0.1', resolve))
}

async function confirmed(broker, body) {
  const publication = await broker.publish('out', body)
  await new Promise((resolve, reject) =>
    publication.once('success', resolve).once('error', reject).once('return', reject),
  )
}

async function consume() {
  const broker = await open({ subscriptions: { in: { queue, prefetch } } })
  const subscription = await broker.subscribe('in')
  subscription.on('message', (_message, _content, ackOrNack) => ackOrNack())
  subscription.on('error', (error) => console.error(error.message))
}
