import { Writable } from 'node:stream'

// Some of these, or what they need, exist as ES modules only: jest.config.ts lists those. An update may add one.
test('fastify answers a request that is injected, with its documents', async () => {
  const { default: fastify } = await import('fastify')
  const app = fastify()
  await app.register((await import('@fastify/swagger')).default)
  await app.register((await import('@fastify/swagger-ui')).default, { routePrefix: '/docs' })
  await app.register((await import('@fastify/rate-limit')).default)
  app.get('/', () => ({ ok: true }))
  expect((await app.inject('/')).json()).toEqual({ ok: true })
  expect((await app.inject('/docs/static/swagger-ui.css')).statusCode).toBe(200)
  await app.close()
})

test('a schema is checked, an event is made, a metric is counted, a line is logged', async () => {
  const { Type } = await import('typebox')
  expect(Type.Object({ id: Type.String() })).toMatchObject({ type: 'object' })
  const { CloudEvent } = await import('cloudevents')
  expect(new CloudEvent({ type: 't', source: '/s' }).type).toBe('t')
  const { Registry, Counter } = await import('@prometheus-io/client')
  const registry = new Registry()
  new Counter({ name: 'seen_total', help: 'Seen.', registers: [registry] }).inc()
  expect(await registry.metrics()).toContain('seen_total 1')
  const { pino } = await import('pino')
  const lines: string[] = []
  const sink = new Writable({ write: (chunk, _, done) => done(void lines.push(String(chunk))) })
  pino(sink).info('hello')
  expect(lines.join()).toContain('"msg":"hello"')
})

test.each([
  '@opentelemetry/api',
  '@opentelemetry/core',
  '@opentelemetry/exporter-trace-otlp-http',
  '@opentelemetry/resources',
  '@opentelemetry/sdk-trace',
  'ajv',
  'ajv-formats',
  'amqplib',
  'dotenv',
  'fast-check',
  'pg',
  'testcontainers',
])('%s loads', async (name) => {
  expect(Object.keys((await import(name)) as object)).not.toHaveLength(0)
})
