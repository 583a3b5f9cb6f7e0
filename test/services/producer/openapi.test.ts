import { version } from '../../../package.json'
import { catalogue } from '../../../shared/messages/catalogue'
import { openDoor } from './door'

interface OpenApi {
  readonly openapi: string
  readonly info: { readonly version: string }
  readonly paths: Record<
    string,
    { post?: { requestBody: { content: Record<string, { schema: unknown; example: unknown }> } } }
  >
}

test('/openapi.json has one path per message type with its schema unchanged and a JSON example', async () => {
  const document = (await (await openDoor()).app.inject('/openapi.json')).json<OpenApi>()
  expect(document.openapi).toBe('3.1.0')
  expect(document.info.version).toBe(version)
  expect(Object.keys(document.paths).sort()).toEqual(
    ['/messages', '/messages/{id}', '/routes/explain', ...catalogue.map(({ name }) => `/messages/${name}`)].sort(),
  )
  for (const type of catalogue) {
    const media = document.paths[`/messages/${type.name}`]?.post?.requestBody.content['application/json']
    expect(media?.schema).toEqual(JSON.parse(JSON.stringify(type.schema)))
    expect(media?.example).toEqual(type.examples[0])
  }
})

test('every example in the document is accepted as it stands', async () => {
  const door = await openDoor()
  const { paths } = (await door.app.inject('/openapi.json')).json<OpenApi>()
  for (const [url, { post }] of Object.entries(paths))
    for (const [contentType, { example }] of Object.entries(post?.requestBody.content ?? {})) {
      const payload = contentType === 'text/plain' ? String(example) : JSON.stringify(example)
      const response = await door.post(url, payload, { headers: { 'content-type': contentType } })
      const isMany = /ndjson|batch/.test(contentType)
      const expected = url === '/routes/explain' || isMany ? 200 : 202
      expect([url, contentType, response.statusCode]).toEqual([url, contentType, expected])
    }
})

test('/docs is a page that loads nothing from elsewhere', async () => {
  const door = await openDoor()
  const page = await door.app.inject('/docs/')
  expect(page.statusCode).toBe(200)
  const links = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link ?? '')
  expect(links.length).toBeGreaterThan(0)
  for (const link of links) {
    expect(link).not.toMatch(/^(https?:)?\/\//)
    expect((await door.app.inject(new URL(link, 'http://a/docs/').pathname)).statusCode).toBe(200)
  }
})
