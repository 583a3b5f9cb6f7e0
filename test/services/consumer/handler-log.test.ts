import { HandlerLog } from '../../../services/consumer/handler-log'
import { createLogger } from '../../../shared/runtime/logger'

function logOf(level: 'info' | 'silent') {
  const lines: string[] = []
  const logger = createLogger({ service: 'consumer', level }, { write: (line) => void lines.push(line) })
  let asked = 0
  const fields = () => {
    asked++
    return { messageId: 'm-1', password: 'hidden' }
  }
  return { log: new HandlerLog(logger, fields), lines, asked: () => asked }
}

test('every line bears the fields of the message, which are asked for once, and no secret', () => {
  const { log, lines, asked } = logOf('info')
  log.info({ step: 1 }, 'begun')
  log.warn({ step: 2 }, 'slow')
  log.error({ step: 3, data: 'the payload' }, 'failed')
  const parsed = lines.map((line) => JSON.parse(line) as object)
  expect(parsed).toEqual([
    expect.objectContaining({ level: 'info', messageId: 'm-1', step: 1, msg: 'begun' }),
    expect.objectContaining({ level: 'warn', messageId: 'm-1', step: 2, msg: 'slow' }),
    expect.objectContaining({ level: 'error', messageId: 'm-1', step: 3, data: '[redacted]' }),
  ])
  expect(lines.join('')).not.toContain('hidden')
  expect(asked()).toBe(1)
})

test('a line that is not written costs nothing', () => {
  const { log, lines, asked } = logOf('silent')
  log.info({}, 'unheard')
  expect({ lines, asked: asked() }).toEqual({ lines: [], asked: 0 })
})
