import { Writable } from 'node:stream'
import { createLogger } from '../../../shared/runtime/logger'

function listening() {
  const lines: string[] = []
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push(chunk.toString())
      done()
    },
  })
  return { lines, stream }
}

test('writes one JSON object per line, with the service, the level by name and control characters escaped', () => {
  const { lines, stream } = listening()
  createLogger({ service: 'producer', level: 'info' }, stream).info({ type: 'a\nb\u001b[31m' }, 'accepted')
  expect(lines).toHaveLength(1)
  expect(lines[0]?.trim().split('\n')).toHaveLength(1)
  expect(lines[0]).not.toContain('\u001b')
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ service: 'producer', level: 'info', msg: 'accepted' })
})

test('hides what may be a secret or a payload, also one level down', () => {
  const { lines, stream } = listening()
  const logger = createLogger({ service: 'producer', level: 'info' }, stream)
  logger.info({
    authorization: 'canary',
    request: { headers: { authorization: 'canary' } },
    data: 'canary',
    broker: { url: 'canary' },
  })
  expect(lines.join('')).not.toContain('canary')
})

test('keeps to its level', () => {
  const { lines, stream } = listening()
  createLogger({ service: 'producer', level: 'warn' }, stream).info('quiet')
  expect(lines).toEqual([])
})
