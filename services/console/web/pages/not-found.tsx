import { Empty } from '../parts/empty'
import { hrefTo } from '../router'

export function NotFound() {
  return (
    <Empty icon="dot" title="There is no such page">
      <a class="button" href={hrefTo([])}>
        To the overview
      </a>
    </Empty>
  )
}
