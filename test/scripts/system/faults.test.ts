import { faultSettings } from '../../../scripts/system/faults'

const ctl = ['rabbitmqctl', '--quiet']
const command = JSON.stringify(ctl)

test.each([
  ['on this machine', { HOST: '127.0.0.1' }, { ctl }, {}, { FAULTS: 'on', FAULTS_BROKER_COMMAND: command }],
  ["with somebody else's broker", { HOST: '127.0.0.1' }, {}, {}, { FAULTS: 'on' }],
  ['where others reach it', { HOST: '0.0.0.0' }, { ctl }, {}, { FAULTS: 'off' }],
  ['in production', { HOST: '127.0.0.1' }, { ctl }, { NODE_ENV: 'production' }, { FAULTS: 'off' }],
  ['where callers have keys', { HOST: '127.0.0.1', API_KEYS: 'ada:00' }, { ctl }, {}, { FAULTS: 'off' }],
  ['where lookers have keys', { HOST: '127.0.0.1', CONSOLE_API_KEYS: 'ada:00' }, { ctl }, {}, { FAULTS: 'off' }],
  ['where it was said so', { HOST: '127.0.0.1', FAULTS: 'off' as const }, { ctl }, {}, { FAULTS: 'off' }],
])('%s the services are told %j', (_where, settings, broker, environment, told) => {
  expect(faultSettings(settings, broker, environment)).toEqual(told)
})
