import { BlockList, isIP } from 'node:net'
import { SettingsError } from '../../shared/runtime/settings-error'

export interface DoorSettings {
  readonly HOST: string
  readonly API_KEYS?: string
  readonly ALLOW_ANONYMOUS: boolean
}

const makeKey =
  `node -e "const c = require('node:crypto'), k = c.randomBytes(32).toString('hex'); ` +
  `console.log('key: ' + k + '  API_KEYS=me:' + c.createHash('sha256').update(k).digest('hex'))"`

/** Throws a SettingsError when others than this machine could send and nobody said that they may. */
export function refuseOpenDoor({ HOST, API_KEYS, ALLOW_ANONYMOUS }: DoorSettings): void {
  if (isLoopback(HOST) || API_KEYS !== undefined || ALLOW_ANONYMOUS) return
  throw new SettingsError([
    `HOST is "${HOST}", which other machines can reach, and API_KEYS is not set; make a key and its setting with ${makeKey}, ` +
      'or say ALLOW_ANONYMOUS=true to let anyone send, or set HOST=127.0.0.1',
  ])
}

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

function isLoopback(host: string): boolean {
  const family = isIP(host)
  return family === 0 ? host === 'localhost' : loopback.check(host, family === 4 ? 'ipv4' : 'ipv6')
}
