import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { createOwnedDatabase } from '../../scripts/postgres/owned-database'
import { createTemporaryDatabase } from '../../scripts/postgres/temporary-database'
import { postgresAnswers, postgresUrl } from './store-test-database'

const prefix = `handoff_owned_${randomBytes(4).toString('hex')}_`
const suite = postgresAnswers() ? describe : describe.skip

suite('a database of a process that may be killed', () => {
  test('is dropped by the next process, though somebody is still connected to it', async () => {
    const left = await createTemporaryDatabase(postgresUrl, `${prefix}left`)
    const stopped = new Client({ connectionString: left.url })
    const ended = new Promise((resolve) => stopped.on('error', resolve))
    await stopped.connect()
    const next = await createOwnedDatabase(postgresUrl, prefix)
    expect(await databases()).toEqual([nameIn(next.url)])
    await ended
    await next.drop()
    expect(await databases()).toEqual([])
  })

  test('stays while its owner lives', async () => {
    const [first, second] = [
      await createOwnedDatabase(postgresUrl, prefix),
      await createOwnedDatabase(postgresUrl, prefix),
    ]
    expect(await databases()).toEqual([first.url, second.url].map(nameIn).sort())
    await first.drop()
    await second.drop()
  })
})

async function databases(): Promise<readonly string[]> {
  const client = new Client({ connectionString: postgresUrl })
  await client.connect()
  const sql = 'select datname from pg_database where starts_with(datname::text, $1) order by datname'
  const { rows } = await client.query<{ datname: string }>(sql, [prefix]).finally(() => client.end())
  return rows.map(({ datname }) => datname)
}

function nameIn(url: string): string {
  return new URL(url).pathname.slice(1)
}
