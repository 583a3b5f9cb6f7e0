import { request as plainRequest, type IncomingMessage } from 'node:http'
import { request as secureRequest } from 'node:https'
import { CannotSee } from '../broker-objects'
import { certificates, type Address, type TlsFiles } from './address'
import { describeFailure } from './describe-failure'
import { managementAddresses, type ManagementAddress } from './management-addresses'

const answerDeadlineMs = 3_000
const maxAnswerBytes = 64 * 1_048_576
const pageSize = 500

export interface ManagementOptions {
  readonly addresses: readonly Address[]
  /** A URL, several separated by commas, or `off`; undefined derives it from the addresses. */
  readonly managementUrl: string | undefined
  readonly tls: TlsFiles
}

/** Reads from the management interface of one virtual host. Whatever stands in the way is told as {@link CannotSee}. */
export class Management {
  readonly #options: ManagementOptions
  readonly #vhost: string

  constructor(options: ManagementOptions) {
    this.#options = options
    const vhost = options.addresses[0]?.connect.vhost ?? '/'
    this.#vhost = encodeURIComponent(decodeURIComponent(vhost))
  }

  /** Everything of a kind in the virtual host, such as `bindings`. */
  async list<T>(kind: string): Promise<readonly T[]> {
    return (await this.#get(`/api/${kind}/${this.#vhost}`)) as readonly T[]
  }

  /** Those of a kind whose names begin so; page by page, since a broker may hold very many others. */
  async listNamed<T>(kind: 'queues' | 'exchanges', prefix: string): Promise<readonly T[]> {
    const found: T[] = []
    for (let page = 1, pages = 1; page <= pages; page++) {
      const query = new URLSearchParams({
        page: String(page),
        page_size: String(pageSize),
        name: `^${prefix.replaceAll('.', '\\.')}`,
        use_regex: 'true',
      })
      const answer = await this.#get(`/api/${kind}/${this.#vhost}?${query.toString()}`)
      const { items, page_count } = answer as { readonly items: readonly T[]; readonly page_count: number }
      found.push(...items)
      pages = page_count
    }
    return found
  }

  /** Asks host after host until one answers. */
  async #get(path: string): Promise<unknown> {
    const { addresses, managementUrl, tls } = this.#options
    const refusals: string[] = []
    for (const address of managementAddresses(addresses, managementUrl)) {
      try {
        return JSON.parse(await textAt(address, path, tls)) as unknown
      } catch (error) {
        refusals.push(`${address.label} (${describeFailure(error)})`)
      }
    }
    throw new CannotSee(`the management interface cannot be asked at ${refusals.join(', ')}`)
  }
}

async function textAt(address: ManagementAddress, path: string, tls: TlsFiles): Promise<string> {
  try {
    const response = await responseOf(address, path, tls)
    const text = await textOf(response)
    const refusal = refusalOf(response.statusCode, address)
    if (refusal !== undefined) throw new Error(refusal)
    return text
  } catch (error) {
    if (/^(Timeout|Abort)Error$/.test((error as Error).name))
      throw new Error(`no answer within ${answerDeadlineMs} ms`, { cause: error })
    throw error
  }
}

function responseOf(address: ManagementAddress, path: string, tls: TlsFiles): Promise<IncomingMessage> {
  const { base, username, password } = address
  const url = new URL(base + path)
  const options = {
    auth: `${username}:${password}`,
    headers: { accept: 'application/json' },
    // Its own connection each time: looks are a minute apart, and the server closes what rests.
    agent: false,
    signal: AbortSignal.timeout(answerDeadlineMs),
  } as const
  return new Promise((resolve, reject) => {
    const request =
      url.protocol === 'https:'
        ? secureRequest(url, { ...options, minVersion: 'TLSv1.2', ...certificates(tls) })
        : plainRequest(url, options)
    request.once('error', reject).once('response', resolve).end()
  })
}

async function textOf(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of response as AsyncIterable<Buffer>) {
    parts.push(part)
    bytes += part.length
    if (bytes > maxAnswerBytes) throw new Error(`its answer is larger than ${maxAnswerBytes} bytes`)
  }
  return Buffer.concat(parts).toString('utf8')
}

function refusalOf(status: number | undefined, { username }: ManagementAddress): string | undefined {
  if (status === 200) return undefined
  if (status === 401) return `it refuses user "${username}": give that user the tag "management", or name another one`
  return `it answered ${status}`
}
