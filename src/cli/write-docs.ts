import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { adapters } from '../../adapters/index.ts'
import { exampleFile } from '../config/example.ts'
import { optionsMarkdown } from '../config/markdown.ts'
import { coreOptions } from '../config/options.ts'

/** The lines of the README that the table of options stands between. */
const begin = '<!-- options: written by `bun run docs` -->'
const end = '<!-- /options -->'

/** The README with the table of options in its place; as it was when it has no such place. */
export const withOptions = (readme: string): string => {
  const from = readme.indexOf(begin)
  const to = readme.indexOf(end, from)
  return from < 0 || to < 0
    ? readme
    : `${readme.slice(0, from + begin.length)}\n\n${optionsMarkdown(coreOptions, adapters)}\n\n${
      readme.slice(to)
    }`
}

/** The whole example file. */
export const example = (): string => exampleFile(coreOptions, adapters)

if (import.meta.main) {
  const root = join(import.meta.dir, '..', '..')
  writeFileSync(join(root, 'st2chatops.env.example'), example())
  const readme = join(root, 'README.md')
  if (existsSync(readme)) writeFileSync(readme, withOptions(readFileSync(readme, 'utf8')))
}
