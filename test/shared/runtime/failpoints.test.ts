import { Type } from 'typebox'
import { readSettings } from '../../../shared/runtime/config'
import { armFailpoints, failpoint, failpointOnceSent } from '../../../shared/runtime/failpoints'
import { serviceSettings } from '../../../shared/runtime/settings'
import { SettingsError } from '../../../shared/runtime/settings-error'

afterEach(() => armFailpoints(undefined))

const read = (environment: NodeJS.ProcessEnv) => readSettings(Type.Object(serviceSettings), { environment })

describe('failpoints', () => {
  test('unarmed, nothing strikes', () => {
    expect(() => failpoint('publish.begun')).not.toThrow()
  })

  test('strike at the passing that was asked for, once, and nowhere else', () => {
    armFailpoints('publish.begun=throw@2, handler.committed=throw')
    failpoint('publish.begun')
    failpoint('publish.confirmed')
    expect(() => failpoint('publish.begun')).toThrow('failpoint publish.begun')
    failpoint('publish.begun')
    expect(() => failpoint('handler.committed')).toThrow('failpoint handler.committed')
  })

  test('a stall lets nothing else run', () => {
    armFailpoints('publish.begun=stall:30')
    const startedAt = performance.now()
    failpoint('publish.begun')
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(29)
  })

  test.each(['publish.begun', 'publish.begun=die', 'nowhere=kill', 'publish.begun=kill@0', 'publish.begun=stall', ''])(
    '"%s" is refused with what is allowed',
    (setting) => {
      expect(() => armFailpoints(setting)).toThrow(SettingsError)
      expect(() => armFailpoints(setting)).toThrow('handler.committed')
    },
  )

  test('what is named for later strikes once what was written in this turn of the event loop is sent', async () => {
    armFailpoints('publish.written=stall:60')
    const namedAt = performance.now()
    failpointOnceSent('publish.written')
    let sentAt = Infinity
    // As amqplib does: it writes to the socket in the turn after this one.
    process.nextTick(() => setImmediate(() => (sentAt = performance.now())))
    for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate)
    expect(sentAt - namedAt).toBeLessThan(60)
    expect(performance.now() - sentAt).toBeGreaterThanOrEqual(59)
  })

  test('a naming that is not armed costs less than 100 nanoseconds', () => {
    const passings = 100_000
    const perPassingNs = () => {
      const startedAt = performance.now()
      for (let passing = 0; passing < passings; passing++) failpoint('publish.begun')
      return ((performance.now() - startedAt) * 1_000_000) / passings
    }
    // The quickest of many: others use the machine, too.
    expect(Math.min(...Array.from({ length: 20 }, perPassingNs))).toBeLessThan(100)
  })
})

describe('the setting FAILPOINTS', () => {
  test('is refused in production, whatever it says', () => {
    const production = { NODE_ENV: 'production', FAILPOINTS: 'publish.begun=throw' }
    expect(() => read(production)).toThrow('FAILPOINTS is only for tests; NODE_ENV is production')
  })

  test('is read elsewhere, and production starts without it', () => {
    expect(read({ FAILPOINTS: 'publish.begun=throw' }).FAILPOINTS).toBe('publish.begun=throw')
    expect(read({ NODE_ENV: 'production' }).FAILPOINTS).toBeUndefined()
  })
})
