import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { portTaken } from '../../scripts/system/port-taken'

const producer = (port: number) =>
  ({ name: 'producer', portSetting: 'PRODUCER_PORT', port, host: '127.0.0.1' }) as const

test('names the port, the service and the setting while another program listens, and nothing afterwards', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  const sentence = await portTaken(producer(port))
  other.close()
  await once(other, 'close')
  expect(sentence).toContain(`port ${port} on 127.0.0.1, where the producer wants to listen, is taken`)
  expect(sentence).toContain('PRODUCER_PORT=')
  expect(await portTaken(producer(port))).toBeUndefined()
})
