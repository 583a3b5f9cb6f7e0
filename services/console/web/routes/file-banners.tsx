import type { RoutesView } from '../../views/routes'
import { Banner } from '../parts/banner'

/** What somebody has to know of the file: it cannot be used, or a service goes by another one. */
export function FileBanners({ view: { file, services } }: { readonly view: RoutesView }) {
  return (
    <>
      {file.mistakes.length > 0 && (
        <Banner tone="bad">
          <div>
            <strong>{file.name} cannot be used as it is now.</strong>{' '}
            {file.state === 'none' ? 'No rules are in effect here' : 'The rules of before stay in effect'}; a service
            that starts with it ends at once.
            <ul class="mono">
              {file.mistakes.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </div>
        </Banner>
      )}
      {services.map(
        ({ url, words }) =>
          words !== undefined && (
            <Banner key={url} tone="wait">
              {words}
            </Banner>
          ),
      )}
    </>
  )
}
