import { consoleHost } from '../../../shared/runtime/open-door'

test.each([
  ['127.0.0.1', {}, '127.0.0.1'],
  ['::1', {}, '::1'],
  ['0.0.0.0', {}, '127.0.0.1'],
  ['console.example', {}, '127.0.0.1'],
  ['0.0.0.0', { CONSOLE_API_KEYS: 'ops:00' }, '0.0.0.0'],
  ['0.0.0.0', { CONSOLE_READ_KEYS: 'eve:00' }, '0.0.0.0'],
  ['0.0.0.0', { CONSOLE_ALLOW_ANONYMOUS: true }, '0.0.0.0'],
])('with HOST=%s and %j the console listens on %s', (HOST, settings, listensOn) => {
  expect(consoleHost({ HOST, CONSOLE_ALLOW_ANONYMOUS: false, ...settings })).toBe(listensOn)
})
