/** Who does what to which dead letters. */
export interface AuditFacts {
  readonly action: 'replay' | 'discard' | 'edit' | 'import' | 'export'
  readonly user: string
  readonly broker: string
  readonly namespace: string
  readonly group: string
  readonly selection: unknown
  /** In the words of whoever did it, where they gave any. */
  readonly why?: string
  /** Not of an export, which finds them as it goes. */
  readonly selected?: number
  /** Those that the broker has been told of; whoever is killed leaves no line that says how many. Not of an export. */
  readonly moved?: number
  /** Of an export: those that were handed over. They stay where they are. */
  readonly exported?: number
}

/** Takes a line of the audit, which bears no bodies and no secrets. */
export type TellAudit = (step: 'begin' | 'end', facts: AuditFacts) => void

type Counts = 'selected' | 'moved' | 'exported'

/**
 * Tells of one change to dead letters, or of one export of them, once before the first is touched, and once at the end,
 * however it ends.
 */
export class AuditTrail {
  readonly #whom: Omit<AuditFacts, Counts | 'group'>
  readonly #tell: TellAudit
  #facts: AuditFacts | undefined

  constructor(whom: Omit<AuditFacts, Counts | 'group'>, tell: TellAudit) {
    this.#whom = whom
    this.#tell = tell
  }

  /** `group` is one, or several with commas in between. */
  begin(selected: number, group: string): void {
    this.#begin({ ...this.#whom, group, selected, moved: 0 })
  }

  /** In place of {@link begin}. */
  beginExport(group: string): void {
    this.#begin({ ...this.#whom, group, exported: 0 })
  }

  /** So many by now. */
  moved(moved: number): void {
    if (this.#facts !== undefined) this.#facts = { ...this.#facts, moved }
  }

  /** So many by now. */
  exported(exported: number): void {
    if (this.#facts !== undefined) this.#facts = { ...this.#facts, exported }
  }

  /** Nothing, where it was not begun. */
  end(): void {
    if (this.#facts !== undefined) this.#tell('end', this.#facts)
  }

  #begin(facts: AuditFacts): void {
    this.#facts = facts
    this.#tell('begin', facts)
  }
}
