/** What a queue looks like in the management API; statistics lag behind by some seconds. */
export interface QueueInfo {
  readonly name: string
  readonly arguments: Readonly<Record<string, unknown>>
  readonly consumers?: number
  readonly messages?: number
  readonly messages_ready?: number
  readonly messages_unacknowledged?: number
}

interface ConnectionInfo {
  readonly name: string
  readonly vhost: string
}

/** RabbitMQ's management API, for one virtual host. */
export class Management {
  readonly #url: string
  readonly #vhost: string

  constructor(url: string, vhost: string) {
    this.#url = url
    this.#vhost = encodeURIComponent(vhost)
  }

  async createVhost(): Promise<void> {
    await this.#call('PUT', `vhosts/${this.#vhost}`, {})
    await this.#call('PUT', `permissions/${this.#vhost}/guest`, { configure: '.*', write: '.*', read: '.*' })
  }

  async deleteVhost(): Promise<void> {
    await this.#call('DELETE', `vhosts/${this.#vhost}`)
  }

  queues(): Promise<readonly QueueInfo[]> {
    return this.#call('GET', `queues/${this.#vhost}`) as Promise<readonly QueueInfo[]>
  }

  queue(name: string): Promise<QueueInfo> {
    return this.#call('GET', `queues/${this.#vhost}/${encodeURIComponent(name)}`) as Promise<QueueInfo>
  }

  /** Closes every connection to the virtual host, as an operator would; how many there were. */
  async closeConnections(): Promise<number> {
    const all = (await this.#call('GET', 'connections')) as readonly ConnectionInfo[]
    const ours = all.filter(({ vhost }) => encodeURIComponent(vhost) === this.#vhost)
    for (const { name } of ours) await this.#call('DELETE', `connections/${encodeURIComponent(name)}`)
    return ours.length
  }

  async unbind(exchange: string, queue: string, routingKey: string): Promise<void> {
    const [from, to, key] = [exchange, queue, routingKey].map(encodeURIComponent)
    await this.#call('DELETE', `bindings/${this.#vhost}/e/${from}/q/${to}/${key}`)
  }

  async setPolicy(name: string, pattern: string, definition: object): Promise<void> {
    await this.#call('PUT', `policies/${this.#vhost}/${name}`, { pattern, definition, 'apply-to': 'queues' })
  }

  async deletePolicy(name: string): Promise<void> {
    await this.#call('DELETE', `policies/${this.#vhost}/${name}`)
  }

  async #call(method: string, path: string, body?: object): Promise<unknown> {
    const answer = await fetch(`${this.#url}/api/${path}`, {
      method,
      headers: { authorization: `Basic ${btoa('guest:guest')}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} /api/${path} answered ${answer.status} ${text}`)
    return text === '' ? undefined : JSON.parse(text)
  }
}
