import type { ChannelModel } from 'amqplib'
import type { Group } from '../../shared/messages/group'
import { brokerObjectsOf } from '../reset/broker-objects'
import { deleteObjects, findQueues } from '../reset/delete-objects'
import { openBroker } from '../reset/open-broker'
import type { SystemSettings } from '../system/settings'

export interface BrokerPlace {
  /** Certificates are taken from them. */
  readonly settings: SystemSettings
  readonly brokerUrl: string
  readonly namespace: string
  readonly groups: readonly Group[]
}

/** Deletes all objects of an example's namespace, which belongs to it alone. */
export function removeObjects(place: BrokerPlace): Promise<void> {
  return connected(place, (connection) => deleteObjects(connection, objectsOf(place)))
}

/** Two runs of one example would take each other's messages. */
export function refuseSecondRun(place: BrokerPlace): Promise<void> {
  return connected(place, async (connection) => {
    const found = await findQueues(connection, objectsOf(place).queues)
    const used = found.filter(({ consumers }) => consumers > 0).map(({ name }) => name)
    if (used.length > 0)
      throw new Error(`consumers are attached to ${used.join(', ')}: this example already runs there; let it end first`)
  })
}

function objectsOf({ namespace, groups }: BrokerPlace) {
  return brokerObjectsOf(namespace, groups)
}

async function connected<T>(
  { brokerUrl, settings }: BrokerPlace,
  work: (connection: ChannelModel) => Promise<T>,
): Promise<T> {
  const broker = await openBroker({ ...settings, BROKER_URL: brokerUrl })
  if (broker === undefined) throw new Error('the broker is gone')
  try {
    return await work(broker.connection)
  } finally {
    await broker.connection.close().catch(() => undefined)
  }
}
