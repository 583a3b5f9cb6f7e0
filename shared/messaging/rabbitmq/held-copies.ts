/** Copies that the broker has refused to take so far, each with its delivery held, by group. */
export class HeldCopies {
  readonly #reasons = new Map<string, Map<symbol, string>>()

  /** May be called again for the same copy. */
  hold(group: string, copy: symbol, reason: string): void {
    const held = this.#reasons.get(group) ?? new Map<symbol, string>()
    this.#reasons.set(group, held.set(copy, reason))
  }

  release(group: string, copy: symbol): void {
    this.#reasons.get(group)?.delete(copy)
  }

  /** How many there are, and why the last one was refused. */
  of(group: string): { readonly count: number; readonly reason: string | undefined } {
    const reasons = [...(this.#reasons.get(group)?.values() ?? [])]
    return { count: reasons.length, reason: reasons.at(-1) }
  }
}
