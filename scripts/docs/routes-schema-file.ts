import { routesSchema } from '../../shared/routing/routes/routes-schema'

/** The JSON Schema of a routes file, for editors. */
export function routesSchemaFile(): string {
  const head = { $schema: 'http://json-schema.org/draft-07/schema#', title: 'handoff.routes.yaml' }
  return `${JSON.stringify({ ...head, ...routesSchema }, undefined, 2)}\n`
}
