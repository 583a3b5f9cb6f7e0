import { Empty } from '../parts/empty'
import { hrefTo } from '../router'

export function NotFound() {
  return (
    <Empty icon="dot" title="There is no such page" of="whole">
      <a class="button" href={hrefTo([])}>
        To the overview
      </a>
    </Empty>
  )
}
