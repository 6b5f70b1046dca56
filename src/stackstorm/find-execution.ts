import * as v from 'valibot'
import { type Page, readPages } from './pages.ts'
import { type Execution, executionSchema } from './schema.ts'

/** Where StackStorm keeps the `source_context` of a chat command, as long as the action has no notify of its own. */
const notifySchema = v.object({
  liveaction: v.object({
    notify: v.object({
      'on-complete': v.object({ data: v.object({ source_context: v.optional(v.unknown()) }) }),
    }),
  }),
})

/** More pages than these are not searched: 5,000 executions between a lost answer and the look for it. */
const mostPages = 50

const carries = (document: unknown, correlation: string): boolean => {
  const read = v.safeParse(notifySchema, document)
  if (!read.success) return false
  const context = read.output.liveaction.notify['on-complete'].data['source_context']
  return JSON.stringify(context ?? null).includes(JSON.stringify(correlation).slice(1, -1))
}

/** The query for executions that may be the one: top level, started after `since` (ms since 1970). */
export const searchQuery = (since: number): Readonly<Record<string, string>> => ({
  parent: 'null',
  // Six decimals, as StackStorm writes its own times.
  'timestamp_gt': new Date(since).toISOString().replace('Z', '000Z'),
  'include_attributes': 'id,status,context,liveaction.notify,web_url',
})

/** The execution whose `source_context` holds the correlation; undefined when there is none. */
export const findByCorrelation = async (
  get: (limit: number, offset: number) => Promise<Page>,
  correlation: string,
): Promise<Execution | undefined> => {
  let pages = 0
  for await (const { documents } of readPages(get)) {
    const found = documents.find((document) => carries(document, correlation))
    const read = v.safeParse(executionSchema, found)
    if (read.success) return read.output
    if (++pages >= mostPages) return undefined
  }
  return undefined
}
