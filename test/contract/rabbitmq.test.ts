import { useBroker } from '../support/broker'
import { openRabbitmq } from './open-rabbitmq'
import { transportContract } from './transport-contract'

const broker = useBroker()

transportContract('the RabbitMQ transport', { durable: true }, async (groups) => {
  const { transport } = await openRabbitmq(broker.url, groups)
  return transport
})
