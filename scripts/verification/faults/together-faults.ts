import type { Fault } from './fault'

/** Both services at once, as when their machine dies. */
export const bothKilled: Fault = async ({ producer, consumer }) => {
  await Promise.all([producer.end('SIGKILL'), consumer.end('SIGKILL')])
  return () => {
    consumer.start()
    producer.start()
  }
}

/** A power cut, as far as processes feel it: the broker too. */
export const allKilled: Fault = async ({ producer, consumer, node }) => {
  await Promise.all([producer.end('SIGKILL'), consumer.end('SIGKILL'), node.kill()])
  return async () => {
    consumer.start()
    producer.start()
    await node.start()
  }
}
