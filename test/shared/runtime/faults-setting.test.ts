/** FAULTS is for development, and nobody else reaches what it opens. */
import { readConsoleConfig } from '../../../services/console/config'
import { readConfig as readConsumerConfig } from '../../../services/consumer/config'
import { readProducerConfig } from '../../../services/producer/config'

const readers = [
  ['producer', readProducerConfig],
  ['consumer', readConsumerConfig],
  ['console', readConsoleConfig],
] as const

describe.each(readers)('the %s', (_name, read) => {
  const config = (environment: NodeJS.ProcessEnv) => read({ environment })

  test('has no faults unless somebody says so', () => {
    expect(config({}).FAULTS).toBe('off')
    expect(config({ FAULTS: 'on' }).FAULTS).toBe('on')
  })

  test('refuses them in production, and starts there without', () => {
    const production = { NODE_ENV: 'production', FAULTS: 'on' }
    expect(() => config(production)).toThrow('FAULTS is only for development; NODE_ENV is production')
    expect(config({ NODE_ENV: 'production' }).FAULTS).toBe('off')
    expect(config({ NODE_ENV: 'production', FAULTS: 'off' }).FAULTS).toBe('off')
  })

  test('refuses them on an address that others reach, keys or not', () => {
    const reached = { FAULTS: 'on', HOST: '0.0.0.0', ALLOW_ANONYMOUS: 'true', CONSOLE_ALLOW_ANONYMOUS: 'true' }
    expect(() => config(reached)).toThrow('FAULTS is on and HOST is "0.0.0.0"')
    expect(config({ ...reached, FAULTS: 'off' }).FAULTS).toBe('off')
    expect(config({ FAULTS: 'on', HOST: '::1' }).FAULTS).toBe('on')
  })
})

describe('the command that reaches a broker of our own', () => {
  const read = (environment: NodeJS.ProcessEnv) => readConsoleConfig({ environment })

  test('is a JSON array of texts, or the start is refused', () => {
    for (const text of ['rabbitmqctl', '["rabbitmqctl", 1]', '["rabbitmqctl"'])
      expect(() => read({ FAULTS_BROKER_COMMAND: text })).toThrow('FAULTS_BROKER_COMMAND')
    expect(read({ FAULTS_BROKER_COMMAND: '["rabbitmqctl","--quiet"]' }).FAULTS_BROKER_COMMAND).toContain('quiet')
  })

  test('is refused in production', () => {
    expect(() => read({ NODE_ENV: 'production', FAULTS_BROKER_COMMAND: '["true"]' })).toThrow('only for development')
  })
})
