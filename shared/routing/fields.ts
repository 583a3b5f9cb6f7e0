/**
 * An object of an event as CEL's evaluator is given it. The evaluator reads `constructor` off plain objects, which an event
 * may have as a name, and keeps a type for each nesting of maps and lists that it meets, for ever: senders of small events
 * could fill the heap with them. It takes the type of a map from its `entries()`; of one that has none it is just a map.
 */
export class Fields extends Map<string, unknown> {
  static {
    // By this it tells a map.
    Object.defineProperty(this.prototype, 'constructor', { value: Map })
  }

  override entries(): ReturnType<Map<string, unknown>['entries']> {
    return new Map<string, unknown>().entries()
  }

  override [Symbol.iterator](): ReturnType<Map<string, unknown>['entries']> {
    return super.entries()
  }
}
