import { numbersPage } from './numbers-docs'
import { problemsPage } from './problems-docs'
import { routesSchemaFile } from './routes-schema-file'
import { envExample, settingsPage } from './settings-docs'

/** Every file that is written from the code, by its path in the project. */
export function generatedDocs(): Readonly<Record<string, string>> {
  return {
    '.env.example': envExample(),
    'docs/reference/settings.md': settingsPage(),
    'docs/reference/problems.md': problemsPage(),
    'docs/reference/numbers.md': numbersPage(),
    'docs/reference/handoff.routes.schema.json': routesSchemaFile(),
  }
}
