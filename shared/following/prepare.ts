import { escapeIdentifier, escapeLiteral } from 'pg'
import type { Catalog, PublicationState, SlotState, TableState } from './catalog'
import { FollowProblem } from './follow-problem'
import { fullName, type FollowedTable } from './followed-table'

export interface PrepareFacts {
  /** The name of the slot and of the publication. */
  readonly slot: string
  readonly tables: readonly FollowedTable[]
}

/** The publication's comment until its slot was made once: without a slot after that, changes are lost. */
const awaitsSlot = 'Handoff: its replication slot is not made yet'
const hasSlot = 'Handoff: its replication slot was made'

/**
 * Makes the publication and the slot at the first time, and looks at all that following needs. Throws a
 * {@link FollowProblem} where a person has to do something. A slot that was there once is never made again: what it had
 * kept is lost, which somebody has to know.
 */
export async function prepare(catalog: Catalog, facts: PrepareFacts): Promise<SlotState> {
  const level = await catalog.walLevel()
  if (level !== 'logical')
    throw new FollowProblem(
      `the database has wal_level = ${level}; run "ALTER SYSTEM SET wal_level = logical" there and restart PostgreSQL`,
    )
  const tables = await statesOf(catalog, facts.tables)
  tables.forEach(checkPartitions)
  // Before the publication, which another process that prepares makes first; and again after it.
  const known = await soundSlot(catalog, facts.slot)
  const publication =
    (await catalog.publication(facts.slot)) ?? (await createPublication(catalog, facts.slot, known, tables))
  checkPublication(facts.slot, publication, tables)
  const slot = known ?? (await soundSlot(catalog, facts.slot)) ?? (await createSlot(catalog, facts.slot, publication))
  if (publication.comment === awaitsSlot && slot.isMade) await catalog.run(commentOn(facts.slot, hasSlot))
  return slot
}

/** Throws a {@link FollowProblem} where a table that was prepared is not there any more, or is not published. */
export async function checkTables(catalog: Catalog, { slot, tables }: PrepareFacts): Promise<void> {
  const states = await statesOf(catalog, tables)
  const publication = await catalog.publication(slot)
  if (publication === undefined) throw publicationGone(slot)
  checkPublication(slot, publication, states)
}

async function statesOf(catalog: Catalog, followed: readonly FollowedTable[]): Promise<TableState[]> {
  const states: TableState[] = []
  for (const table of followed) {
    const state = await catalog.table(table)
    const name = fullName(table)
    if (state === undefined)
      throw new FollowProblem(`the database has no table ${name}; make it, or take it out of FOLLOW_TABLES`)
    if (!state.isPermanent)
      throw new FollowProblem(`${name} is not in the database's log; run: ALTER TABLE ${state.sql} SET LOGGED`)
    states.push(state)
  }
  return states
}

async function createPublication(
  catalog: Catalog,
  name: string,
  slot: SlotState | undefined,
  tables: readonly TableState[],
): Promise<PublicationState> {
  if (slot !== undefined) throw publicationGone(name)
  tables.forEach(checkIdentity)
  const list = tables.map(({ sql }) => sql).join(', ')
  const create = `CREATE PUBLICATION ${escapeIdentifier(name)} FOR TABLE ${list} WITH (publish_via_partition_root = true)`
  await permitted(catalog.run(create, commentOn(name, awaitsSlot)), `publication ${name}`, create)
  return { tables: tables.map(({ table }) => table), viaRoot: true, comment: awaitsSlot }
}

// Published all the same, the table would refuse its application every update and delete.
function checkIdentity({ table, hasDeferrableKey, withoutIdentity }: TableState): void {
  if (withoutIdentity.length === 0) return
  const lack = hasDeferrableKey ? 'a primary key that is deferrable, which is none to PostgreSQL' : 'no primary key'
  throw new FollowProblem(
    `${table} has ${lack}, so an update or a delete could not say of which row it is; add one, or run: ${full(withoutIdentity)}`,
  )
}

function checkPartitions({ table, notFull }: TableState): void {
  if (notFull.length > 0)
    throw new FollowProblem(
      `${table} has REPLICA IDENTITY FULL and not every partition of it has, so that old rows would be told with nulls for ` +
        `what is not known; run: ${full(notFull)}`,
    )
}

function full(tables: readonly string[]): string {
  return tables.map((sql) => `ALTER TABLE ${sql} REPLICA IDENTITY FULL`).join('; ')
}

/** A new one would not do: PostgreSQL looks for it as of the time of each change, also of those in between. */
function publicationGone(name: string): FollowProblem {
  return new FollowProblem(
    `the publication ${name} is gone, and its replication slot cannot be read without it: changes that nobody has been told ` +
      'of are in no message. Compare the tables with what their followers have; to follow what comes from now on, ' +
      `run: SELECT pg_drop_replication_slot(${escapeLiteral(name)})`,
  )
}

function checkPublication(name: string, publication: PublicationState, tables: readonly TableState[]): void {
  const publicationSql = escapeIdentifier(name)
  const partitioned = tables.find(({ isPartitioned }) => isPartitioned && !publication.viaRoot)
  if (partitioned !== undefined)
    throw new FollowProblem(
      `the publication ${name} tells of the partitions of ${partitioned.table} and not of it; ` +
        `run: ALTER PUBLICATION ${publicationSql} SET (publish_via_partition_root = true)`,
    )
  const missing = tables.find(({ table }) => !publication.tables.includes(table))
  if (missing !== undefined)
    throw new FollowProblem(
      `the publication ${name} lacks the table ${missing.table}; ` +
        `run: ALTER PUBLICATION ${publicationSql} ADD TABLE ${missing.sql} (its primary key or replica identity has to be there ` +
        'before; what is changed in it until it is added is in no message: if a table of this name was followed and has been ' +
        'renamed, replaced or taken out, compare the two with what their followers have)',
    )
}

async function createSlot(catalog: Catalog, name: string, { comment }: PublicationState): Promise<SlotState> {
  const create = `SELECT pg_create_logical_replication_slot(${escapeLiteral(name)}, 'pgoutput')`
  if (comment !== awaitsSlot)
    throw new FollowProblem(
      `the replication slot ${name} is gone, or was never made beside the publication of that name: changes that nobody has ` +
        `been told of may be lost. To follow what comes from now on, run: ${create}`,
    )
  await permitted(catalog.createSlot(name), `replication slot ${name}`, create)
  const slot = await soundSlot(catalog, name)
  if (slot === undefined) throw new Error(`the replication slot ${name} was made and is gone again`)
  return slot
}

async function soundSlot(catalog: Catalog, name: string): Promise<SlotState | undefined> {
  const slot = await catalog.slot(name)
  if (slot !== undefined) checkSlot(name, slot)
  return slot
}

function checkSlot(name: string, { plugin, isOurs, walStatus }: SlotState): void {
  const text = escapeLiteral(name)
  if (plugin !== 'pgoutput' || !isOurs)
    throw new FollowProblem(
      `the replication slot ${name} is of another database or plugin (${plugin}); choose another name by FOLLOW_SLOT`,
    )
  if (walStatus === 'lost')
    throw new FollowProblem(
      `the replication slot ${name} is lost: the database has deleted what it had kept for it (wal_status = lost, see ` +
        'max_slot_wal_keep_size), and changes since are in no message. Compare the tables with what their followers have; ' +
        `to follow what comes from now on, run: SELECT pg_drop_replication_slot(${text}); ` +
        `SELECT pg_create_logical_replication_slot(${text}, 'pgoutput')`,
    )
}

function commentOn(publication: string, comment: string): string {
  return `COMMENT ON PUBLICATION ${escapeIdentifier(publication)} IS ${escapeLiteral(comment)}`
}

/** Says what a person with more rights can run instead. */
async function permitted(making: Promise<void>, what: string, sql: string): Promise<void> {
  try {
    await making
  } catch (error) {
    const { code, message } = error as { readonly code?: unknown; readonly message: string }
    if (code !== insufficientPrivilege) throw error
    throw new FollowProblem(`the ${what} cannot be made (${message}); let someone who may run: ${sql}`)
  }
}

const insufficientPrivilege = '42501'
