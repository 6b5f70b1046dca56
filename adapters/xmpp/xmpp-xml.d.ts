/** The part of the library that is used here; it brings no types. */
declare module '@xmpp/xml' {
  export type Child = Element | string | undefined
  export type Attributes = Readonly<Record<string, string | undefined>>
  export class Element {
    readonly name: string
    readonly attrs: Record<string, string | undefined>
    readonly children: readonly (Element | string)[]
    is(name: string, namespace?: string): boolean
    getName(): string
    getNS(): string | undefined
    getChild(name: string, namespace?: string): Element | undefined
    getChildren(name: string, namespace?: string): readonly Element[]
    getChildElements(): readonly Element[]
    getText(): string
    toString(): string
  }
  export class Parser {
    on(event: 'start' | 'element' | 'end', listener: (element: Element) => void): this
    on(event: 'error', listener: (error: Error) => void): this
    /** Throws for what is no XML, as well. */
    write(text: string): void
  }
  const xml: (name: string, attributes: Attributes, ...children: readonly Child[]) => Element
  export default xml
}
