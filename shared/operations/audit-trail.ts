/** Who does what to which dead letters. */
export interface AuditFacts {
  readonly action: 'replay' | 'discard' | 'edit' | 'import'
  readonly user: string
  readonly broker: string
  readonly namespace: string
  readonly group: string
  readonly selection: unknown
  /** In the words of whoever did it, where they gave any. */
  readonly why?: string
  readonly selected: number
  /** Those that the broker has been told of; whoever is killed leaves no line that says how many. */
  readonly moved: number
}

/** Takes a line of the audit, which bears no bodies and no secrets. */
export type TellAudit = (step: 'begin' | 'end', facts: AuditFacts) => void

/** Tells of one change to dead letters once before the first is touched, and once at the end, however it ends. */
export class AuditTrail {
  readonly #whom: Omit<AuditFacts, 'selected' | 'moved' | 'group'>
  readonly #tell: TellAudit
  #facts: AuditFacts | undefined

  constructor(whom: Omit<AuditFacts, 'selected' | 'moved' | 'group'>, tell: TellAudit) {
    this.#whom = whom
    this.#tell = tell
  }

  /** `group` is one, or several with commas in between. */
  begin(selected: number, group: string): void {
    this.#facts = { ...this.#whom, group, selected, moved: 0 }
    this.#tell('begin', this.#facts)
  }

  moved(moved: number): void {
    if (this.#facts !== undefined) this.#facts = { ...this.#facts, moved }
  }

  /** Nothing, where it was not begun. */
  end(): void {
    if (this.#facts !== undefined) this.#tell('end', this.#facts)
  }
}
