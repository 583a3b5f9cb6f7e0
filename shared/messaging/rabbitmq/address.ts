import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import type { Options, SocketOptions } from 'amqplib'

/** Files with PEM texts; read again at each connect, so that a renewed certificate needs no restart. */
export interface TlsFiles {
  readonly caFile: string | undefined
  readonly certFile: string | undefined
  readonly keyFile: string | undefined
}

/** One host of the broker; `label` is safe to show, it holds no password. */
export interface Address {
  readonly label: string
  readonly username: string
  readonly connect: Options.Connect
}

const heartbeatSeconds = 10
const silenceTimeoutMs = 5_000
const maxFrameBytes = 1_048_576

/** The broker's address makes no sense. The message never repeats it, since it may hold a password. */
class WrongAddress extends Error {
  readonly code = 'WRONG_ADDRESS'
  override readonly name = 'WrongAddress'
  /** Starting again cannot help. */
  readonly permanent = true
}

/** The hosts of a comma-separated list of `amqp://` or `amqps://` URLs. Throws {@link WrongAddress}, which tells the wrong one by its place. */
export function parseAddresses(urls: string): readonly Address[] {
  const addresses = urls
    .split(',')
    .map((url) => url.trim())
    .filter((url) => url !== '')
    .map(parseAddress)
  if (addresses.length === 0)
    throw new WrongAddress('the broker URL is empty; use amqp://USER:PASSWORD@HOST:5672/VHOST')
  return addresses
}

/**
 * Socket options of one attempt to connect. The server's certificate is always checked; `serverName` is the name it
 * must bear. Throws when a file cannot be read.
 */
export function socketOptions(address: Address, name: string, tls: TlsFiles): SocketOptions {
  const secure = address.connect.protocol === 'amqps'
  return {
    timeout: silenceTimeoutMs,
    noDelay: true,
    keepAlive: true,
    clientProperties: { connection_name: `handoff-${name}@${hostname()}` },
    ...(secure ? { minVersion: 'TLSv1.2', rejectUnauthorized: true, ...certificates(tls) } : {}),
  }
}

function parseAddress(text: string, index: number): Address {
  const url = asUrl(text, index + 1)
  const [protocol] = url.protocol.split(':') as [string]
  const port = Number(url.port) || (protocol === 'amqps' ? 5671 : 5672)
  const username = decoded(url.username || 'guest', index + 1)
  const password = decoded(url.password || (url.username === '' ? 'guest' : ''), index + 1)
  return {
    label: `${url.hostname}:${port}`,
    username,
    connect: {
      protocol,
      hostname: url.hostname.replace(/^\[|\]$/g, ''),
      port,
      username,
      password,
      // amqplib decodes the vhost itself, so it stays percent-encoded here.
      vhost: url.pathname.length > 1 ? url.pathname.slice(1) : '/',
      heartbeat: heartbeatSeconds,
      maxFrameSize: maxFrameBytes,
    },
  }
}

function asUrl(text: string, place: number): URL {
  if (!URL.canParse(text))
    throw new WrongAddress(
      `host ${place} of the broker URL is not a URL; use amqp://USER:PASSWORD@HOST:5672/VHOST, and percent-encode ` +
        'special characters in user and password',
    )
  const url = new URL(text)
  if (url.protocol !== 'amqp:' && url.protocol !== 'amqps:')
    throw new WrongAddress(`host ${place} of the broker URL has the scheme "${url.protocol}"; use amqp: or amqps:`)
  if (url.hostname === '') throw new WrongAddress(`host ${place} of the broker URL has no name`)
  return url
}

function decoded(text: string, place: number): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new WrongAddress(`user or password of host ${place} of the broker URL is not percent-encoded UTF-8`)
  }
}

/** The texts of those files that are named, read now. Throws when one cannot be read. */
export function certificates({ caFile, certFile, keyFile }: TlsFiles) {
  return {
    ...(caFile === undefined ? {} : { ca: readFileSync(caFile) }),
    ...(certFile === undefined ? {} : { cert: readFileSync(certFile) }),
    ...(keyFile === undefined ? {} : { key: readFileSync(keyFile) }),
  }
}
