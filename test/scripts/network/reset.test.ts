import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { reset } from '../../../scripts/network/reset'
import { atEnd } from '../../support/ends'

async function connected(): Promise<{ near: Socket; far: Socket }> {
  const server = createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  atEnd(() => server.close())
  const near = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const [[far]] = (await Promise.all([once(server, 'connection'), once(near, 'connect')])) as [[Socket], unknown]
  atEnd(() => far.destroy())
  near.on('error', () => {})
  return { near, far: far.resume() }
}

test('the other side sees a reset', async () => {
  const { near, far } = await connected()
  const seen = once(far, 'error')
  reset(near)
  expect(await seen).toMatchObject([{ code: 'ECONNRESET' }])
})

test('one that was just told to end is closed all the same', async () => {
  const { near } = await connected()
  near.end()
  const closed = once(near, 'close')
  reset(near)
  await closed
})
