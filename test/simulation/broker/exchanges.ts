interface Exchange {
  readonly type: string
  readonly alternate: string | undefined
  readonly bindings: { readonly queue: string; readonly routingKey: string }[]
}

/** Exchanges and their bindings. Routing keys of ours hold no wildcards, so a topic exchange routes like a direct one. */
export class Exchanges {
  readonly #all = new Map<string, Exchange>()

  has(name: string): boolean {
    return this.#all.has(name)
  }

  declare(name: string, type: string, alternate: string | undefined): void {
    if (!this.has(name)) this.#all.set(name, { type, alternate, bindings: [] })
  }

  bind(name: string, queue: string, routingKey: string): void {
    const bindings = this.#all.get(name)?.bindings
    if (bindings?.some((binding) => binding.queue === queue && binding.routingKey === routingKey) === false)
      bindings.push({ queue, routingKey })
  }

  unbind(name: string, queue: string): void {
    const exchange = this.#all.get(name)
    if (exchange === undefined) return
    const left = exchange.bindings.filter((binding) => binding.queue !== queue)
    exchange.bindings.splice(0, Infinity, ...left)
  }

  /** The names of the queues that a message goes to. */
  route(name: string, routingKey: string): readonly string[] {
    const exchange = this.#all.get(name)
    if (exchange === undefined) return []
    const found = exchange.bindings
      .filter((binding) => exchange.type === 'fanout' || binding.routingKey === routingKey)
      .map(({ queue }) => queue)
    return found.length === 0 && exchange.alternate !== undefined ? this.route(exchange.alternate, routingKey) : found
  }
}
