/** Server-sent events over a real connection. */
import { connect } from 'node:net'
import { createParser } from 'eventsource-parser'
import { MessageWindow } from '../../../services/console/window/message-window'
import type { LiveFrame } from '../../../services/console/views/live'
import { eventually } from '../../support/eventually'
import { atEnd } from '../../support/ends'
import { openConsoleDoor, observedOf } from './door'
import { told, toldOf } from './told'

async function open() {
  const window = new MessageWindow(10_000)
  const door = await openConsoleDoor({}, undefined, { observed: observedOf(window) })
  const url = await door.app.listen({ port: 0 })
  return { window, door, url }
}

interface Heard {
  readonly frames: { readonly id: string; readonly frame: LiveFrame; readonly at: number }[]
  readonly ended: Promise<unknown>
  readonly leave: () => void
}

function listen(url: string, headers: Record<string, string> = {}): Heard {
  const leaving = new AbortController()
  atEnd(() => leaving.abort())
  const frames: Heard['frames'] = []
  const parser = createParser({
    onEvent: ({ id = '', data }) =>
      void frames.push({ id, frame: JSON.parse(data) as LiveFrame, at: performance.now() }),
  })
  const read = async () => {
    const response = await fetch(url, { headers, signal: leaving.signal })
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>)
      parser.feed(Buffer.from(piece).toString())
  }
  return { frames, ended: read().catch((error: unknown) => error), leave: () => leaving.abort() }
}

const rowsIn = ({ frames }: Heard) => frames.flatMap(({ frame }) => frame.rows ?? [])

test('tells what changes, at most four times a second, and goes on where a caller was', async () => {
  const { window, url } = await open()
  const heard = listen(`${url}/live`)
  await eventually('it begins', () => heard.frames.length > 0)
  const until = performance.now() + 1_500
  let count = 0
  await eventually('messages have come for a while', () => {
    window.take(toldOf({ id: `m-${++count}` }, [told('accepted', count)]))
    return performance.now() > until
  })
  await eventually('the last is heard', () => rowsIn(heard).some(({ id }) => id === `m-${count}`))
  const [first, last] = [heard.frames[0], heard.frames.at(-1)]
  const seconds = ((last?.at ?? 0) - (first?.at ?? 0)) / 1_000
  // Frames that were held up somewhere come together: over the whole they are what they are.
  expect(heard.frames.length - 1).toBeLessThanOrEqual(4 * seconds + 2)
  heard.leave()
  await heard.ended
  window.take(toldOf({ id: 'meanwhile' }, [told('accepted', 1)]))
  const again = listen(`${url}/live`, { 'last-event-id': last?.id ?? '' })
  await eventually('what came meanwhile is heard', () => rowsIn(again).length > 0)
  expect(rowsIn(again).map(({ id }) => id)).toEqual(['meanwhile'])
})

test('whoever takes nothing is told nothing, holds little, and misses the oldest', async () => {
  const { window, url } = await open()
  const { port } = new URL(url)
  const socket = connect(Number(port), '127.0.0.1')
  atEnd(() => socket.destroy())
  socket.pause()
  socket.write(`GET /live HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`)
  const before = process.memoryUsage().arrayBuffers
  for (let round = 0; round < 40; round++) {
    for (let at = 0; at < 1_000; at++) window.take(toldOf({ id: `${round}-${at}` }, [told('accepted', at)]))
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 * 1_048_576)
})

test('a stop ends the streams', async () => {
  const { door, url } = await open()
  const heard = listen(`${url}/live`)
  await eventually('it begins', () => heard.frames.length > 0)
  await door.drain()
  await heard.ended
  await door.app.close()
})

test.each([
  ['/live?filter=typ:x', '/filter'],
  ['/live?range=7h', '/range'],
  ['/messages?filter=state:', '/filter'],
  ['/messages?limit=0', '/limit'],
  ['/messages?befor=1', '/befor'],
  ['/numbers?range=year', '/range'],
])('%s is refused with the place', async (path, pointer) => {
  const door = await openConsoleDoor()
  const answer = await door.app.inject(path)
  expect([answer.statusCode, answer.json<{ errors: object[] }>().errors[0]]).toMatchObject([422, { pointer }])
})
