import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Type } from 'typebox'
import { readSettings } from '../../../shared/runtime/config'
import { settings } from '../../../shared/runtime/settings'
import { SettingsError } from '../../../shared/runtime/settings-error'
import { atEnd } from '../../support/ends'

const schema = Type.Object(settings)

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'handoff-config-'))
  atEnd(() => rmSync(path, { recursive: true }))
  return path
}

function fileWith(text: string): string {
  const path = join(folder(), 'variables')
  writeFileSync(path, text)
  return path
}

function linesOf(environment: NodeJS.ProcessEnv, envFile?: string): readonly string[] {
  try {
    readSettings(schema, { environment, ...(envFile === undefined ? {} : { envFile }) })
  } catch (error) {
    if (error instanceof SettingsError) return error.lines
    throw error
  }
  return []
}

describe('readSettings', () => {
  test('gives every default and freezes what it gives', () => {
    const read = readSettings(schema, { environment: {} })
    expect(read).toMatchObject({
      BROKER_URL: 'amqp://guest:guest@127.0.0.1:5672',
      PRODUCER_PORT: 3000,
      CONSUMER_PORT: 3001,
      CONSOLE_PORT: 8080,
      BODY_LIMIT: 1_048_576,
      NAMESPACE: 'handoff',
      STORE_URL: 'sqlite:.handoff/handoff.db',
      ALLOW_ANONYMOUS: false,
      RATE_LIMIT: 0,
    })
    expect(read).not.toHaveProperty('CONSUMER_GROUPS')
    expect(Object.isFrozen(read)).toBe(true)
  })

  test('takes text as what the setting is', () => {
    const environment = { PRODUCER_PORT: '0', ALLOW_ANONYMOUS: 'true', CONSUMER_GROUPS: 'mail, ledger' }
    expect(readSettings(schema, { environment })).toMatchObject({
      PRODUCER_PORT: 0,
      ALLOW_ANONYMOUS: true,
      CONSUMER_GROUPS: ['mail', 'ledger'],
    })
  })

  test.each(['BROKER_URL', 'AMQP_URL', 'RABBITMQ_URL', 'CLOUDAMQP_URL'])('reads the broker from %s', (name) => {
    const read = readSettings(schema, { environment: { [name]: 'amqps://a:b@one,amqp://two:1/v' } })
    expect(read.BROKER_URL).toBe('amqps://a:b@one,amqp://two:1/v')
  })

  test('an alias in the environment wins over the plain name in the file, and an empty value counts as none', () => {
    const envFile = fileWith('BROKER_URL=amqp://file\nNAMESPACE=fromfile\n')
    const read = readSettings(schema, { environment: { AMQP_URL: 'amqp://environment', NAMESPACE: '' }, envFile })
    expect(read).toMatchObject({ BROKER_URL: 'amqp://environment', NAMESPACE: 'fromfile' })
  })

  test('reads a secret from the file that NAME_FILE names', () => {
    const read = readSettings(schema, { environment: { STORE_URL_FILE: fileWith('postgres://u:p@h/d\n') } })
    expect(read.STORE_URL).toBe('postgres://u:p@h/d')
  })

  test('a file of a secret that cannot be read, and one beside the value, stop the start', () => {
    const missing = join(folder(), 'gone')
    expect(linesOf({ API_KEYS_FILE: missing })).toEqual([
      `API_KEYS_FILE is "${missing}", which cannot be read (ENOENT)`,
    ])
    expect(linesOf({ STORE_URL: 'sqlite:x', STORE_URL_FILE: missing })).toEqual([
      'STORE_URL_FILE and STORE_URL are both set; keep one of them',
    ])
  })

  test('a missing .env is no fault; a folder in its place is', () => {
    expect(linesOf({}, join(folder(), '.env'))).toEqual([])
    expect(linesOf({}, folder())[0]).toMatch(/cannot be read: EISDIR/)
  })

  test('names each wrong value and what is allowed, one line each', () => {
    expect(linesOf({ PRODUCER_PORT: '70000', LOG_LEVEL: 'loud', ALLOW_ANONYMOUS: 'yes', CONCURRENCY: '-1' })).toEqual([
      'PRODUCER_PORT is "70000"; allowed: a whole number from 0 to 65535',
      'ALLOW_ANONYMOUS is "yes"; allowed: true or false',
      'CONCURRENCY is "-1"; allowed: a whole number from 1 to 1000',
      'LOG_LEVEL is "loud"; allowed: one of trace, debug, info, warn, error, fatal, silent',
    ])
  })

  test.each([
    ['BROKER_URL', 'http://user:canary@host'],
    ['BROKER_URL', 'amqp://user:canary@host,ftp://x'],
    ['BROKER_URL', 'amqp://user:can/ary@host'],
    ['BROKER_URL', 'amqp://user:canary#@host'],
    ['BROKER_URL', 'amqp://user:canary%zz@host'],
    ['BROKER_URL', 'amqp://user:canary'],
    ['AMQP_URL', 'canary'],
    ['STORE_URL', 'mysql://u:canary@h/d'],
    ['API_KEYS', 'canary:abc'],
  ])('refuses %s=%s without showing it', (name, value) => {
    const lines = linesOf({ [name]: value })
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain(name)
    expect(lines[0]).not.toContain('canary')
  })

  test.each(['amqp://[::1]:5672', 'amqps://us%40er:p%2Fw@one:5671/v%2Fh?heartbeat=5 , amqp://two'])(
    'takes %s for a broker',
    (url) => {
      const one = Type.Object({ BROKER_URL: settings.BROKER_URL })
      expect(readSettings(one, { environment: { BROKER_URL: url } })).toEqual({ BROKER_URL: url })
    },
  )

  test('a line of the file that is no setting stops the start, too', () => {
    const envFile = fileWith('# fine\n\nexport NAMESPACE=fine\nRATE_LIMIT 100\n  HOST: localhost\ncanary\n')
    expect(linesOf({}, envFile)).toEqual(
      [4, 6].map((line) => `line ${line} of ${envFile} is not NAME=VALUE; correct it, or put a # before it`),
    )
  })

  test('the file may hold the passwords and ports that are for docker compose', () => {
    const passwords = 'RABBITMQ_PASSWORD=a\nPOSTGRES_PASSWORD=b\nRABBITMQ_ERLANG_COOKIE=c\n'
    const envFile = fileWith(`${passwords}PROMETHEUS_PORT=9091\nGRAFANA_PORT=3006\n`)
    expect(readSettings(Type.Object({}), { environment: {}, envFile })).toEqual({})
  })

  test('a key in the file that no service knows stops the start and gets the nearest name; one in the environment does not', () => {
    const envFile = fileWith('BROKER_ULR=x\nCONSOLE_PORT=8081\n')
    expect(linesOf({ HOME: '/', WHATEVER: '1' }, envFile)).toEqual([
      `BROKER_ULR in ${envFile} is not a setting; did you mean BROKER_URL? Else remove it`,
    ])
  })

  test('a service accepts in the file what only another service needs', () => {
    const envFile = fileWith('CONCURRENCY=5\nAPI_KEYS_FILE=x\nDATABASE_URL=sqlite:a\n')
    const one = Type.Object({ HOST: settings.HOST })
    expect(readSettings(one, { environment: {}, envFile })).toEqual({ HOST: '127.0.0.1' })
  })
})
