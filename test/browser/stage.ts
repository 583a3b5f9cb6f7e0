/** A whole system behind a console: a producer, a consumer, and whoever looks at them. */
import type { TestBroker } from '../support/broker'
import { connectRaw, type RawClient } from '../support/amqp-client'
import { startService, type RunningService } from '../support/service'

export interface Stage {
  readonly producer: RunningService
  readonly consumer: RunningService
  readonly console: RunningService
  readonly namespace: string
  readonly raw: RawClient
  /** Sends by the producer; answers with the id. */
  send(type: string, data: unknown): Promise<string>
}

export interface StageSettings {
  readonly namespace: string
  readonly console?: Readonly<Record<string, string>>
  readonly producer?: Readonly<Record<string, string>>
  readonly consumer?: Readonly<Record<string, string>>
}

/** Ready when it resolves; ended with the test or file. */
export async function openStage(broker: Pick<TestBroker, 'url'>, settings: StageSettings): Promise<Stage> {
  const { namespace } = settings
  const common = { BROKER_URL: broker.url, NAMESPACE: namespace }
  const [producer, consumer] = await Promise.all([
    startService('producer', { ...common, ...settings.producer }),
    startService('consumer', { ...common, ...settings.consumer }),
  ])
  const places = { PRODUCER_URL: producer.url, CONSUMER_URL: consumer.url }
  const console = await startService('console', { ...common, ...places, ...settings.console })
  const send = async (type: string, data: unknown) => {
    const response = await fetch(`${producer.url}/messages/${type}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(data),
    })
    const body = (await response.json()) as { id: string }
    if (response.status !== 202) throw new Error(`${type} was answered ${response.status}: ${JSON.stringify(body)}`)
    return body.id
  }
  return { ...{ producer, consumer, console, namespace, send }, raw: await connectRaw(broker.url) }
}

export const order = (orderId: string) => ({ orderId, customerEmail: 'ada@example.com', amountCents: 4_200 })
