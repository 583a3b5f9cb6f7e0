import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

export interface Rule {
  readonly alert?: string
  readonly record?: string
  readonly expr: string
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
}

interface AlertCase {
  readonly alertname: string
  readonly exp_alerts: readonly unknown[]
}

interface RulesFile {
  readonly groups: readonly { readonly rules: readonly Rule[] }[]
}

interface RuleTests {
  readonly tests: readonly { readonly alert_rule_test?: readonly AlertCase[] }[]
}

export const root = join(__dirname, '..', '..')
export const deployed = join(root, 'deploy')

const yaml = (file: string): unknown => parse(readFileSync(join(deployed, 'prometheus', file), 'utf8'))

export const rules = (yaml('alerts.yml') as RulesFile).groups.flatMap((group) => group.rules)
export const alerts = rules.filter(({ alert }) => alert !== undefined)
export const alertCases = (yaml('alerts.test.yml') as RuleTests).tests.flatMap((each) => each.alert_rule_test ?? [])
