import type { GroupRulesView, TakenType } from '../../views/routes'
import { Asks, TypeTag } from './asks'

/** What each group says for itself, in code; asked by its consumer, after the file. */
export function GroupRules({ groups }: { readonly groups: readonly GroupRulesView[] }) {
  return (
    <section class="card flush" aria-labelledby="group-rules">
      <header>
        <h2 id="group-rules">What groups take</h2>
        <span class="hint">said in shared/messages/groups.ts; asked after the file, by the consumer</span>
      </header>
      <ul class="rules">
        {groups.flatMap(({ name, takes }) =>
          takes.map((taken) => (
            <li key={`${name} ${taken.type}`}>
              <h3>{name}</h3>
              <div>
                <TypeTag type={taken.type} />
              </div>
              <Which taken={taken} />
            </li>
          )),
        )}
      </ul>
    </section>
  )
}

function Which({ taken: { takes, rules } }: { readonly taken: TakenType }) {
  if (takes !== 'by its rules')
    return <span>{takes === 'every one' ? takes : 'those that a rule of the file brings'}</span>
  return (
    <ul class="stack">
      {rules.map(({ name, ...asks }) => (
        <li key={name}>
          {name}
          <Asks {...asks} />
        </li>
      ))}
    </ul>
  )
}
