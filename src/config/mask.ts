import type { Option } from './option.ts'

/** What stands in the place of a secret, whatever its length. */
export const masked = '********'

/** An address without its password: `http://user:********@host`. What has no userinfo stays as it is. */
export const maskUserinfo = (text: string): string =>
  text.replace(/([a-z][a-z0-9+.-]*:\/\/)?[^\s/?#@:]*:[^\s/?#]*@/gi, (userinfo) => {
    const end = userinfo.indexOf(':', userinfo.indexOf('//') + 1)
    return `${userinfo.slice(0, end)}:${masked}@`
  })

const afterEach = (text: string, mark: RegExp): string =>
  text.split(',').map((item) => {
    const at = item.trimStart().search(mark)
    const lead = item.length - item.trimStart().length
    return at < 0 ? item : item.slice(0, lead + at + 1) + masked
  }).join(',')

/** A value as it may be shown to anybody. */
export const maskValue = (option: Option, text: string): string => {
  if (option.secret) return masked
  if (option.secretPart === 'userinfo') return maskUserinfo(text)
  if (option.secretPart === 'after-colon') return afterEach(text, /:/)
  if (option.secretPart === 'after-blank') return afterEach(text.trim(), /\s/)
  return text
}
