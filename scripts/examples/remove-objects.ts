import { connect, type ChannelModel } from 'amqplib'
import type { Group } from '../../shared/messages/group'
import { brokerObjectsOf } from '../reset/broker-objects'
import { deleteObjects, findQueues } from '../reset/delete-objects'

export interface BrokerPlace {
  readonly brokerUrl: string
  readonly namespace: string
  readonly groups: readonly Group[]
}

const answerMs = 10_000

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

/** A list of hosts is a cluster, and any member will do: the first. */
async function connected<T>({ brokerUrl }: BrokerPlace, work: (connection: ChannelModel) => Promise<T>): Promise<T> {
  const connection = await connect(brokerUrl.split(',')[0]?.trim() ?? '', { timeout: answerMs })
  connection.on('error', () => undefined)
  try {
    return await work(connection)
  } finally {
    await connection.close().catch(() => undefined)
  }
}
