import { Hono } from 'hono'
import { RE2JS } from 're2js'
import { Fault, internalFault } from '../fault.ts'
import { matchCommand } from '../matching.ts'
import type { AliasDocument, Json } from '../model.ts'
import { readObject } from '../request-body.ts'
import type { World } from '../world.ts'
import { attributes, helpPaging, page } from './query.ts'

/** What the list can be sorted by; anything else is ignored, as every unknown parameter is. */
const sortable = ['name', 'pack', 'id'] as const

const sorted = (
  aliases: readonly AliasDocument[],
  by: string | undefined,
): readonly AliasDocument[] => {
  const key = sortable.find((name) => name === by?.replace(/^[-+]/, ''))
  if (!key) return aliases
  const direction = by?.startsWith('-') ? -1 : 1
  return aliases.toSorted((a, b) => direction * (a[key] < b[key] ? -1 : a[key] > b[key] ? 1 : 0))
}

type HelpEntry = { readonly pack: string; readonly display: string; readonly description?: string }

/** Help texts of the enabled aliases: one for each plain format or `display`. */
const helpEntries = (aliases: readonly AliasDocument[]): readonly HelpEntry[] =>
  aliases.filter((alias) => alias.enabled).flatMap((alias) =>
    alias.formats.flatMap((format) => {
      const display = typeof format === 'string' ? format : format.display
      const description = alias.description === undefined ? {} : { description: alias.description }
      return display ? [{ pack: alias.pack, display, ...description }] : []
    })
  )

const compiled = (filter: string): RE2JS => {
  try {
    return RE2JS.compile(filter, RE2JS.CASE_INSENSITIVE)
  } catch (cause) {
    throw internalFault(cause)
  }
}

/** `/actionalias`: list, one, match, help. */
export const aliasRoutes = (world: World): Hono =>
  new Hono({ strict: false })
    .get('/actionalias', (c) => {
      const cut = attributes(c, ['id', 'ref'])
      const { name, pack, sort } = c.req.query()
      const found = world.registry.aliases().filter((alias) =>
        (name === undefined || alias.name === name) && (pack === undefined || alias.pack === pack)
      )
      return page(c, sorted(found, sort).map((alias) => cut(alias as unknown as Json)))
    })
    .get('/actionalias/help', (c) => {
      const { filter, pack } = c.req.query()
      const { limit, offset } = helpPaging(c)
      const wanted = filter ? compiled(filter) : undefined
      const found = helpEntries(world.registry.aliases()).filter((entry) =>
        (!pack || entry.pack === pack) && (!wanted || wanted.matcher(entry.display).find())
      )
      // The server's answer must have a description in each entry, or it is not given at all.
      if (found.some((entry) => entry.description === undefined)) throw internalFault()
      return c.json({ available: found.length, helpstrings: found.slice(offset, offset + limit) })
    })
    .post('/actionalias/match', async (c) => {
      const body = await readObject(c.req.raw, { command: { type: 'string', required: true } })
      const { alias, display, representation } = await matchCommand(world, String(body.command))
      return c.json({ actionalias: alias, display, representation })
    })
    .get('/actionalias/:ref', (c) => {
      const cut = attributes(c, ['id', 'ref'])
      const ref = c.req.param('ref')
      const alias = world.registry.aliases().find((one) => one.ref === ref || one.id === ref)
      if (!alias) throw new Fault(404, `Resource with a reference or id "${ref}" not found`)
      return c.json(cut(alias as unknown as Json))
    })
